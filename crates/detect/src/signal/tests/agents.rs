use super::*;

pub(super) const MET: &[Line] = &[
    ("attack_tool", "user-agent: sqlmap/1.8.4#stable (https://sqlmap.org)"),
    ("attack_tool", "user-agent: Mozilla/5.0 (Hydra)"),
    ("attack_tool", "user-agent: ZmEu"),
    ("attack_tool", "user-agent: commix/v3.9 (https://commixproject.com)"),
    ("attack_tool", "user-agent: Jaeles"),
    ("path_guesser", "user-agent: gobuster/3.6"),
    ("path_guesser", "user-agent: Fuzz Faster U Fool v2.1.0"),
    (
        "path_guesser",
        "user-agent: DirBuster-1.0-RC1 (http://www.owasp.org/index.php/Category:OWASP_DirBuster_Project)",
    ),
    ("vulnerability_scanner", "user-agent: Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)"),
    (
        "vulnerability_scanner",
        "user-agent: Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
    ),
    ("vulnerability_scanner", "user-agent: httpx - Open-source project (github.com/projectdiscovery/httpx)"),
    ("vulnerability_scanner", "user-agent: Mozilla/5.0 [en] (X11, U; OpenVAS-VT 22.4.1)"),
    ("cms_scanner", "user-agent: WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner)"),
    ("cms_scanner", "user-agent: wp_is_mobile"),
    ("port_scanner", "user-agent: Mozilla/5.0 zgrab/0.x"),
    ("port_scanner", "user-agent: masscan/1.3 (https://github.com/robertdavidgraham/masscan)"),
    (
        "port_scanner",
        "user-agent: Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    ),
    ("secret_hunter", "user-agent: Mozilla/5.0 (l9explore/1.2.2)"),
    (
        "research_scanner",
        "user-agent: Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
    ),
    (
        "research_scanner",
        "user-agent: Expanse, a Palo Alto Networks company, searches across the global IPv4 space",
    ),
    (
        "research_scanner",
        "user-agent: Mozilla/5.0 (compatible; InternetMeasurement/1.0; +https://internet-measurement.com/)",
    ),
    ("botnet_agent", "user-agent: Hello, World"),
    ("botnet_agent", "user-agent: libredtail-http"),
    ("out_of_band_host", "GET /?u=http://c0ffee.oast.fun/"),
    ("out_of_band_host", "GET /?u=http%3A%2F%2Fabc.oastify.com"),
    ("tool_request", "GET /nice%20ports%2C/Tri%6Eity.txt%2ebak"),
    ("tool_request", "GET /nmaplowercheck1700000000"),
];

#[test]
fn clients_that_say_what_they_are_are_met() {
    assert_met(MET);
}

#[test]
fn browsers_libraries_and_honest_robots_are_left_alone() {
    assert_left_alone(
        &[
            "user-agent: curl/8.5.0",
            "user-agent: Wget/1.21.4",
            "user-agent: python-requests/2.32.3",
            "user-agent: python-httpx/0.27.0",
            "user-agent: Python-urllib/3.12",
            "user-agent: aiohttp/3.9.5",
            "user-agent: Go-http-client/2.0",
            "user-agent: fasthttp",
            "user-agent: okhttp/4.12.0",
            "user-agent: Java/17.0.11",
            "user-agent: Apache-HttpClient/5.3 (Java/21)",
            "user-agent: axios/1.7.2",
            "user-agent: node-fetch/1.0",
            "user-agent: undici",
            "user-agent: GuzzleHttp/7",
            "user-agent: libwww-perl/6.77",
            "user-agent: PostmanRuntime/7.39.0",
            "user-agent: Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A)",
            "user-agent: AppleCoreMedia/1.0.0.21F79 (iPhone; U; CPU OS 17_5 like Mac OS X; de_de)",
            "user-agent: Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "user-agent: Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "user-agent: Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
            "user-agent: Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "user-agent: facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "user-agent: Mozilla/5.0 (compatible; Let's Encrypt validation server; +https://www.letsencrypt.org)",
            "user-agent: kube-probe/1.30",
            "user-agent: ELB-HealthChecker/2.0",
            "user-agent: Prometheus/2.53.0",
            "user-agent: Blackbox Exporter/0.25.0",
            "user-agent: git/2.45.2",
            "user-agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17628; Pro)",
            "user-agent: -",
            "GET /search?q=nikto+vs+sqlmap",
            "GET /blog/toast.fun",
        ],
        200,
    );
}
