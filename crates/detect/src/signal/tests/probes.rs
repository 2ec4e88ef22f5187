use super::*;

pub(super) const MET: &[Line] = &[
    ("probed_tool", "GET /phpmyadmin/index.php"),
    ("probed_tool", "GET /phpinfo.php"),
    ("probed_tool", "GET /blog/wp-includes/wlwmanifest.xml"),
    ("probed_tool", "GET /wp-admin/setup-config.php?step=1"),
    ("probed_server", "GET /manager/html"),
    ("probed_server", "GET /actuator/env"),
    ("probed_server", "GET /solr/admin/info/system?wt=json"),
    ("probed_debug", "GET /_profiler/phpinfo"),
    ("probed_debug", "GET /server-status"),
    ("probed_gateway", "GET /dana-na/auth/url_default/welcome.cgi"),
    ("probed_gateway", "GET /owa/auth/logon.aspx"),
    ("probed_device", "GET /cgi-bin/luci/"),
    ("probed_service", "GET /_cat/indices"),
    ("probed_service", "POST /api/v1/validate/code"),
    ("proxy_header", "proxy: http://203.0.113.9:8080"),
    ("content_charset", "content-type: application/x-www-form-urlencoded; charset=ibm037"),
    ("content_charset", "content-type: text/html; charset=UTF-7"),
    ("accepted_charset", "accept-charset: ibm500, utf-8"),
    ("range_overflow", "range: bytes=0-18446744073709551615"),
    ("webdav_overflow", "PROPFIND /\nif: <http://localhost/aaaaaaa> (Not <locktoken:write1>)"),
];

#[test]
fn guesses_and_odd_headers_are_met() {
    assert_met(MET);
}

#[test]
fn headers_that_only_look_like_them_are_left_alone() {
    assert_left_alone(
        &[
            "proxy-connection: keep-alive",
            "content-type: text/html; charset=utf-8",
            "content-type: text/xml; charset=\"UTF-16\"",
            "accept-charset: ISO-8859-1,utf-8;q=0.7,*;q=0.3",
            "range: bytes=0-1023",
            "PUT /dav/x\nif: <http://localhost/dav/x> (<opaquelocktoken:e71d4fae>)",
        ],
        200,
    );
}

#[test]
fn pages_that_a_site_misses_by_itself_are_left_alone() {
    assert_left_alone(
        &[
            "GET /vendor/bootstrap/bootstrap.min.css",
            "GET /struts-and-nuts.html",
            "GET /autodiscover/autodiscover.xml",
            "GET /autodiscover/autodiscover.json?Email=ada%40example.com&Protocol=ActiveSync&RedirectCount=1",
            "GET /apple-touch-icon.png",
            "GET /favicon.ico",
            "GET /ads.txt",
            "GET /contact-info.php",
            "GET /consoles/nintendo",
            "GET /sdk-documentation",
            "GET /appsettings.Production.json",
            "GET /recordings/",
            "GET /js/uploadify/jquery.uploadify.js",
            "GET /en/v2/_catalogue",
        ],
        404,
    );
}
