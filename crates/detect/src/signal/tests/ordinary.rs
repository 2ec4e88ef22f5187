//! What people and programs of ordinary sites ask for, their own administrators included.

use super::*;

const WORDPRESS: &[&str] = &[
    "GET /",
    "GET /wp-login.php",
    "POST /wp-login.php",
    "GET /wp-login.php?redirect_to=https%3A%2F%2Fblog.example.com%2Fwp-admin%2F&reauth=1",
    "GET /wp-admin/",
    "GET /wp-admin/edit.php?post_type=page",
    "GET /wp-admin/post.php?post=12&action=edit",
    "POST /wp-admin/admin-ajax.php",
    "GET /wp-admin/load-scripts.php?c=1&load%5Bchunk_0%5D=jquery-core,jquery-migrate&ver=6.5",
    "GET /wp-admin/plugins.php?action=activate&plugin=akismet%2Fakismet.php&_wpnonce=ab12",
    "GET /wp-admin/plugin-install.php?tab=plugin-information&plugin=duplicator",
    "GET /wp-admin/themes.php",
    "GET /wp-json/",
    "GET /wp-json/wp/v2/posts/12?context=edit&_locale=user",
    "POST /wp-json/wp/v2/posts/12/autosaves?_locale=user",
    "GET /wp-json/oembed/1.0/embed?url=https%3A%2F%2Fblog.example.com%2F",
    "GET /index.php?rest_route=/wp/v2/types/post",
    "POST /wp-cron.php?doing_wp_cron=1717000000.123",
    "POST /xmlrpc.php?for=jetpack&token=x",
    "GET /wp-content/themes/twentytwentyfour/style.css?ver=1.1",
    "GET /wp-includes/js/dist/vendor/react.min.js?ver=18.2.0",
    "GET /author/ada/",
    "GET /feed/",
    "GET /wp-sitemap.xml",
    "GET /2024/05/how-to-back-up-a-database/",
];

const RAILS_SHOP: &[&str] = &[
    "GET /products?page=2&sort=price_asc",
    "GET /products/red-shoes.json",
    "POST /cart/items",
    "PATCH /cart/items/7",
    "DELETE /cart/items/7",
    "POST /users/sign_in",
    "GET /admin",
    "GET /admin/orders/1042/edit",
    "POST /admin/imports/database.csv",
    "GET /assets/application-5f1a2b3c.js",
    "GET /packs/js/runtime-9c2.js.map",
    "GET /rails/active_storage/blobs/redirect/eyJfcmFpbHMi/photo.jpg",
    "GET /rails/info/properties",
    "GET /cable",
    "GET /up",
    "GET /search?q=c%2B%2B+%26+c%23+books",
    "GET /search?q=50%25+off",
    "GET /?utm_source=newsletter&utm_medium=email",
];

const ATLASSIAN: &[&str] = &[
    "GET /secure/Dashboard.jspa",
    "GET /browse/SHOP-123",
    "GET /browse/SHOP-123?jql=project%20%3D%20SHOP%20ORDER%20BY%20created",
    "POST /rest/api/2/search",
    "GET /rest/api/2/user/picker?query=ada",
    "GET /secure/QueryComponent!Default.jspa?jql=",
    "GET /secure/ViewUserHover.jspa?username=ada",
    "GET /secure/attachment/10001/schema.sql",
    "POST /plugins/servlet/gadgets/makeRequest",
    "GET /s/1a2b3c/940006/1/_/images/fav-jsw.png",
    "GET /login.action?os_destination=%2Findex.action",
    "POST /dologin.action",
    "GET /display/DOC/Home",
    "GET /pages/viewpage.action?pageId=65591",
    "POST /rest/tinymce/1/macro/preview",
    "GET /download/attachments/65591/backup.zip?version=1",
    "GET /projects/SHOP/repos/site/browse/src/main/resources/application.properties",
];

const GITLAB: &[&str] = &[
    "GET /users/sign_in",
    "GET /api/v4/projects?membership=true&per_page=20",
    "POST /api/v4/jobs/request",
    "PUT /api/v4/projects/12/repository/files/app%2Findex.php",
    "GET /api/v4/projects/12/repository/archive.zip?sha=main",
    "POST /api/graphql",
    "GET /group/site/-/pipelines",
    "GET /group/site/-/blob/main/config/database.yml",
    "GET /group/site/-/raw/main/package.json",
    "GET /group/site/-/commits/main/.env.example",
    "GET /group/site/-/archive/main/site-main.tar.gz",
    "GET /-/health",
    "GET /admin/users",
    "GET /assets/webpack/main.1a2b3c.chunk.js",
    "POST /group/site.git/git-upload-pack",
    "GET /v2/group/site/manifests/latest",
    "GET /jwt/auth?service=container_registry&scope=repository:group/site:pull",
];

const WEBMAIL: &[&str] = &[
    "GET /owa/",
    "GET /owa/auth/logon.aspx?url=https%3a%2f%2fmail.example.com%2fowa%2f&reason=0",
    "POST /owa/auth.owa",
    "POST /owa/service.svc?action=FindItem&EP=1&ID=-40&AC=1",
    "GET /owa/prem/15.2.1544.4/scripts/boot.worldwide.0.mouse.js",
    "GET /ecp/?rfr=owa&p=PersonalSettings",
    "POST /EWS/Exchange.asmx",
    "POST /Microsoft-Server-ActiveSync?User=ada&DeviceId=X&DeviceType=iPhone&Cmd=Ping",
    "POST /autodiscover/autodiscover.xml",
    "POST /rpc/rpcproxy.dll?mail.example.com:6001",
    "GET /?_task=mail&_action=list&_mbox=INBOX&_remote=1",
    "GET /?_task=mail&_action=get&_mbox=INBOX&_uid=7&_part=2&_download=1",
    "GET /mail/#1",
    "PROPFIND /dav/calendars/user/ada@example.com/",
    "REPORT /remote.php/dav/calendars/ada/personal/",
];

const SINGLE_PAGE: &[&str] = &[
    "GET /index.html",
    "GET /main.4f1a2b3c.js",
    "GET /assets/index-BkT3q1.css",
    "GET /manifest.webmanifest",
    "GET /service-worker.js",
    "GET /_next/static/chunks/pages/_app-1a2b.js",
    "GET /_next/data/b1/products/7.json?id=7",
    "GET /_next/image?url=%2Fphotos%2Fa.jpg&w=640&q=75",
    "GET /_nuxt/entry.1a2b.js",
    "GET /@vite/client",
    "GET /src/App.vue?t=1717000000",
    "GET /api/users/me",
    "GET /api/v1/models",
    "POST /graphql",
    "POST /api/auth/callback/credentials",
    "GET /socket.io/?EIO=4&transport=polling&t=O1",
    "GET /_framework/blazor.boot.json",
    "GET /appsettings.json",
    "GET /config.json",
    "GET /i18n/de.json",
    "GET /oauth/callback?code=4%2F0Ab&state=eyJyZWRpcmVjdCI6Ii9hZG1pbiJ9",
    "POST /collect?v=2&tid=G-1&dl=https%3A%2F%2Fshop.example.com%2Fproducts%3Fpage%3D2&dt=Shoes",
    "OPTIONS /api/orders",
    "OPTIONS *",
    "HEAD /",
    "GET /.well-known/openid-configuration",
    "GET /.well-known/apple-app-site-association",
    "GET /files/r%C3%A9sum%C3%A9.pdf",
];

#[test]
fn a_blog_and_its_administrator_are_left_alone() {
    assert_left_alone(WORDPRESS, 200);
}

#[test]
fn a_shop_and_its_administrator_are_left_alone() {
    assert_left_alone(RAILS_SHOP, 200);
}

#[test]
fn an_issue_tracker_and_its_wiki_are_left_alone() {
    assert_left_alone(ATLASSIAN, 200);
}

#[test]
fn a_code_host_and_its_runners_are_left_alone() {
    assert_left_alone(GITLAB, 200);
}

#[test]
fn a_webmail_and_its_clients_are_left_alone() {
    assert_left_alone(WEBMAIL, 200);
}

#[test]
fn single_page_applications_are_left_alone() {
    assert_left_alone(SINGLE_PAGE, 200);
}

#[test]
fn a_request_of_a_modern_browser_is_left_alone() {
    let mut request = request("GET", "/account?tab=orders", 200);
    request.host = Some("shop.example.com".to_owned());
    for (name, value) in [
        ("host", "shop.example.com:8443"),
        ("connection", "keep-alive"),
        ("cache-control", "max-age=0"),
        ("sec-ch-ua", "\"Chromium\";v=\"126\", \"Not/A)Brand\";v=\"8\""),
        ("sec-ch-ua-platform", "\"Linux\""),
        ("upgrade-insecure-requests", "1"),
        ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
        ("sec-fetch-site", "same-origin"),
        ("referer", "https://shop.example.com:8443/cart?from=%2Flogin"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("accept-language", "de-DE,de;q=0.9,en;q=0.8"),
        ("cookie", "_ga=GA1.2.1.2; session=eyJfcmFpbHMi--1a2b; JSESSIONID=0F9A; consent=%7B%22a%22%3A1%7D"),
        ("if-none-match", "W/\"1a2b\""),
        ("range", "bytes=0-,100-200"),
        ("priority", "u=0, i"),
    ] {
        request.headers.push((name.to_owned(), value.as_bytes().to_vec()));
    }
    assert!(names(&request).is_empty(), "{:?}", names(&request));
}
