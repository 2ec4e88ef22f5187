"""Makes the calls of a list with one of Python's HTTP libraries: client.py LIBRARY CALLS.json BASE."""

import base64
import json
import sys
from urllib.parse import urlencode, urlsplit


def pairs(call, key):
    return [tuple(p) for p in call.get(key) or []]


def target(call):
    query = urlencode(pairs(call, "query"))
    return call["path"] + (("&" if "?" in call["path"] else "?") + query if query else "")


def raw_body(call):
    """The body without help from a library, and its type."""
    if call.get("form"):
        return urlencode(pairs(call, "form")).encode(), "application/x-www-form-urlencoded"
    if "json" in call:
        return json.dumps(call["json"]).encode(), "application/json"
    if "text" in call:
        return call["text"].encode(), call["type"]
    return None, None


def headers_of(call):
    headers = dict(pairs(call, "headers"))
    if call.get("auth"):
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(call["auth"]).encode()).decode()
    return headers


def urllib_call(call, base):
    from urllib.request import Request, urlopen

    body, kind = raw_body(call)
    headers = headers_of(call)
    if kind:
        headers["Content-Type"] = kind
    urlopen(Request(base + target(call), data=body, headers=headers, method=call["method"]), timeout=5).read()


def http_client_call(call, base):
    from http.client import HTTPConnection

    body, kind = raw_body(call)
    headers = headers_of(call)
    if kind:
        headers["Content-type"] = kind
    connection = HTTPConnection(urlsplit(base).netloc, timeout=5)
    connection.request(call["method"], target(call), body, headers)
    connection.getresponse().read()
    connection.close()


def files_of(call):
    out = []
    for part in call["parts"]:
        if "value" in part:
            out.append((part["name"], (None, part["value"], part["type"]) if "type" in part else (None, part["value"])))
        else:
            out.append((part["name"], (part["filename"], base64.b64decode(part["data"]), part["type"])))
    return out


def requests_call(session, call, base):
    more = {}
    if call.get("form"):
        more["data"] = pairs(call, "form")
    if "json" in call:
        more["json"] = call["json"]
    if "text" in call:
        more["data"] = call["text"].encode()
        more["headers"] = {"Content-Type": call["type"]}
    if call.get("parts"):
        more["files"] = files_of(call)
    headers = {**dict(pairs(call, "headers")), **more.pop("headers", {})}
    auth = tuple(s.encode() for s in call["auth"]) if call.get("auth") else None
    session.request(call["method"], base + call["path"], params=pairs(call, "query"), headers=headers, auth=auth, timeout=5, **more)


def httpx_call(client, call, base):
    more = {}
    if call.get("form"):
        form = {}
        for key, value in pairs(call, "form"):
            form.setdefault(key, []).append(value)
        more["data"] = form
    if "json" in call:
        more["json"] = call["json"]
    if "text" in call:
        more["content"] = call["text"]
    if call.get("parts"):
        more["files"] = files_of(call)
    headers = dict(pairs(call, "headers"))
    if "text" in call:
        headers["Content-Type"] = call["type"]
    if call.get("auth"):
        more["auth"] = tuple(call["auth"])
    if call.get("query"):
        more["params"] = pairs(call, "query")
    client.request(call["method"], base + call["path"], headers=headers, **more)


async def aiohttp_call(session, call, base):
    import aiohttp

    more = {}
    if call.get("form"):
        more["data"] = pairs(call, "form")
    if "json" in call:
        more["json"] = call["json"]
    if "text" in call:
        more["data"] = call["text"].encode()
    if call.get("parts"):
        form = aiohttp.FormData()
        for part in call["parts"]:
            if "value" in part:
                form.add_field(part["name"], part["value"], content_type=part.get("type"))
            else:
                form.add_field(part["name"], base64.b64decode(part["data"]), filename=part["filename"], content_type=part["type"])
        more["data"] = form
    headers = dict(pairs(call, "headers"))
    if "text" in call:
        headers["Content-Type"] = call["type"]
    if call.get("auth"):
        more["auth"] = aiohttp.BasicAuth(*call["auth"], encoding="utf-8")
    async with session.request(call["method"], base + call["path"], params=pairs(call, "query"), headers=headers, **more) as answer:
        await answer.read()


def attempt(make):
    try:
        make()
    except Exception as error:  # one refused call must not end the others
        print(f"{type(error).__name__}: {error}", file=sys.stderr)


def main():
    library, calls_file, base = sys.argv[1:4]
    with open(calls_file, encoding="utf-8") as file:
        calls = json.load(file)
    plain = {"urllib": urllib_call, "http_client": http_client_call}.get(library)
    if plain:
        for call in calls:
            if not call.get("parts"):
                attempt(lambda call=call: plain(call, base))
    elif library == "requests":
        import requests

        session = requests.Session()
        session.trust_env = False
        for call in calls:
            attempt(lambda call=call: requests_call(session, call, base))
    elif library == "httpx":
        import httpx

        with httpx.Client(trust_env=False, timeout=5) as client:
            for call in calls:
                attempt(lambda call=call: httpx_call(client, call, base))
    else:
        import asyncio

        import aiohttp

        async def all_calls():
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
                for call in calls:
                    try:
                        await aiohttp_call(session, call, base)
                    except Exception as error:
                        print(f"{type(error).__name__}: {error}", file=sys.stderr)

        asyncio.run(all_calls())


main()
