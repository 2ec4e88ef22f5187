/** Cookies as real sites leave them: analytics ids, consent records in encoded JSON, sessions of common frameworks. */

/** @param {import("./words.mjs").Words} w @returns {[string, string][]} */
function jar(w) {
  const n = () => w.id();
  const consent = { version: "2.1", categories: { necessary: true, statistics: w.seed.next() > 0.5, marketing: false }, date: w.time(), id: w.uuid() };
  return [
    ["_ga", `GA1.1.${n()}.17900${w.seed.whole(10000, 99999)}`], ["_ga_9XKT2V0ABC", `GS2.1.s1790000000$o${w.seed.whole(1, 9)}$g1$t1790000044$j16$l0$h0`], ["_gid", `GA1.2.${n()}.1790000000`],
    ["_fbp", `fb.1.1790000000123.${n()}`], ["_gcl_au", `1.1.${n()}.1790000000`], ["_hjSessionUser_3214567", Buffer.from(JSON.stringify({ id: w.uuid(), created: 1790000000123, existing: true })).toString("base64")],
    ["OptanonConsent", `isGpcEnabled=0&datestamp=${encodeURIComponent("Wed Nov 25 2026 14:12:32 GMT+0100 (Central European Standard Time)").replaceAll("%20", "+")}&version=202409.1.0&hosts=&consentId=${w.uuid()}&interactionCount=1&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A0%2CC0004%3A0&geolocation=DE%3BBE`],
    ["CookieConsent", encodeURIComponent(`{stamp:'${w.hex(20)}==',necessary:true,preferences:false,statistics:true,marketing:false,method:'explicit',ver:1,utc:1790000000123,region:'de'}`)],
    ["cookieyes-consent", `consentid:${w.hex(32)},consent:yes,action:no,necessary:yes,functional:yes,analytics:no`], ["euconsent-v2", `CQ${Buffer.from(w.hex(60)).toString("base64url")}.YAAAAAAAAAAA`],
    ["consent", encodeURIComponent(JSON.stringify(consent))], ["klaro", encodeURIComponent(JSON.stringify({ analytics: true, maps: false }))], ["prefs", JSON.stringify({ theme: "dark", cols: ["name", "price"], n: 25 })],
    ["cart", encodeURIComponent(JSON.stringify([{ sku: w.sku(), qty: 2, name: w.product() }]))], ["recent", `"${w.seed.whole(1, 99)}|${w.seed.whole(1, 99)}|${w.seed.whole(1, 99)}"`], ["last_search", encodeURIComponent(w.search())],
    ["PHPSESSID", w.hex(26)], ["JSESSIONID", `${w.hex(32).toUpperCase()}.node1`], ["ASP.NET_SessionId", w.hex(24)], [".AspNetCore.Antiforgery.VyLW6ORzMgk", `CfDJ8${Buffer.from(w.hex(90)).toString("base64url")}`],
    ["csrftoken", w.hex(32)], ["sessionid", w.hex(32)], ["XSRF-TOKEN", encodeURIComponent(Buffer.from(JSON.stringify({ iv: w.hex(16), value: w.hex(40), mac: w.hex(64), tag: "" })).toString("base64"))],
    ["_myapp_session", `${encodeURIComponent(Buffer.from(w.hex(120)).toString("base64"))}--${encodeURIComponent("k3/Zp+x9Qw==")}--${encodeURIComponent("hB+1/9aQ==")}`],
    ["connect.sid", `s%3A${w.hex(24)}.${encodeURIComponent(Buffer.from(w.hex(32)).toString("base64"))}`], ["wordpress_test_cookie", "WP%20Cookie%20check"], ["wordpress_logged_in_5c016e8f0f95f039102cbe8366c5c7f3", encodeURIComponent(`anna|1790600000|${w.hex(43)}|${w.hex(64)}`)],
    ["wp-settings-1", "libraryContent%3Dbrowse%26editor%3Dtinymce%26hidetb%3D1"], ["session", w.jwt()], ["id_token", w.jwt()], ["AMP_MKTG_abc123", Buffer.from(encodeURIComponent(JSON.stringify({ referrer: "https://www.search.example/" }))).toString("base64")],
    ["ajs_anonymous_id", `%22${w.uuid()}%22`], ["mp_demo_mixpanel", encodeURIComponent(JSON.stringify({ distinct_id: `$device:${w.uuid()}`, $initial_referrer: "$direct" }))], ["intercom-session-x1y2", Buffer.from(w.hex(60)).toString("base64")],
    ["tz", "Europe%2FBerlin"], ["lang", "de-DE"], ["utm", "utm_source=news&utm_medium=email&utm_campaign=spring_sale"], ["ab", "exp1:b~exp2:control~exp3:c"], ["viewed", "[12,48,7]"], ["BIGipServerpool_web", `${n()}.20480.0000`], ["AWSALB", Buffer.from(w.hex(90)).toString("base64")],
  ];
}

/** A handful of cookies for one visitor. @param {import("./words.mjs").Words} w @param {number} count @returns {{name: string, value: string}[]} */
export function cookies(w, count) {
  return w.seed.some(jar(w), count).map(([name, value]) => ({ name, value }));
}
