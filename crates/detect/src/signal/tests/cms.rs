use super::*;

pub(super) const MET: &[Line] = &[
    ("php_code", "POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php"),
    ("php_code", "POST /_ignition/execute-solution"),
    ("php_code", "POST /wp-content/plugins/wp-file-manager/lib/php/connector.minimal.php"),
    ("php_code", "POST /wp-content/plugins/backup-backup/includes/backup-heart.php"),
    ("php_code", "GET /index.php/PHP_VALUE%0Asession.auto_start=1;;;?QQQQ"),
    ("php_code_parameter", "GET /?swp_debug=load_options&swp_url=http://192.0.2.1/x"),
    ("php_code_parameter", "POST /?q=user/password&name%5b%23post_render%5d%5b%5d=passthru"),
    ("php_code_parameter", "POST /?routestring=ajax/render/widget_php"),
    ("php_options", "POST /hello.php?%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input"),
    ("php_options", "POST /index.php?-d+allow_url_include%3don"),
    ("thinkphp_method", "GET /?s=index/%5Cthink%5Capp/invokefunction&function=x"),
    ("thinkphp_method", "GET /index.php?s=/index/\\think\\Container/invokefunction"),
    ("drupal_form", "POST /user/register?element_parents=account/mail/%23value&ajax_form=1"),
    ("php_back_door", "user-agentt: zerodiumsystem('id');"),
    ("template_request", "POST /ajax/render/widget_tabbedcontainer_tab_panel"),
    ("plugin_download", "GET /wp-admin/admin-ajax.php?action=revslider_show_image&img=../wp-config.php"),
    ("plugin_download", "GET /wp-admin/admin-ajax.php?action=duplicator_download&file=../../../../etc/hosts"),
    ("plugin_query", "POST /wp-content/plugins/wp-automatic/inc/csv.php"),
    ("plugin_query_parameter", "GET /wp-admin/admin-ajax.php?action=ls_get_popup_markup&id[where]=1"),
    (
        "plugin_bypass",
        "POST //wp-content/plugins/wpgateway/wpgateway-webservice-new.php?wp_new_credentials=1",
    ),
    ("payment_bypass", "POST /wp-json/wp/v2/users\nx-wcpay-platform-checkout-user: 1"),
    ("joomla_configuration", "GET /api/index.php/v1/config/application?public=true"),
    ("loader_include", "GET /user/loader.php?api=1&scripts=.%00./.%00./x"),
    ("hosting_script", "GET /cpanelwebcall/<img%20src=x>aaaa"),
    ("program_in_uploads", "POST /wp-content/uploads/2024/05/up.php?cmd=x"),
    ("program_in_uploads", "GET /.well-known/radio.php"),
    ("web_shell", "GET /wp-includes/wso.php"),
    ("web_shell", "GET /ALFA_DATA/alfacgiapi/perl.alfa"),
    ("test_page", "POST /vendor/htmlawed/htmlawed/htmLawedTest.php"),
    ("test_page", "GET /apps/graphapi/vendor/microsoft/microsoft-graph/tests/GetPhpInfo.php/.css"),
    ("shop_probe", "POST /rest/V1/guest-carts/1/estimate-shipping-methods"),
    ("plugin_version", "GET /wp-content/plugins/revslider/readme.txt"),
    ("plugin_log", "GET /wp-content/plugins/easy-wp-smtp/5f1a2b_debug_log.txt"),
    ("author_enumeration", "GET /?author=3"),
    ("user_enumeration", "GET /wp-json/wp/v2/users?per_page=100"),
    ("user_enumeration_parameter", "GET /?rest_route=/wp/v2/users"),
    ("debug_parameter", "GET /?XDEBUG_SESSION_START=phpstorm"),
    ("debug_parameter", "GET /index.php?=PHPE9568F36-D428-11d2-A769-00AA001ACF42"),
];

#[test]
fn holes_of_sites_made_with_php_are_met() {
    assert_met(MET);
}

#[test]
fn honest_use_of_the_same_products_is_left_alone() {
    assert_left_alone(
        &[
            "GET /books?author=tolkien",
            "GET /books?author=12&page=2",
            "GET /wp-json/wp/v2/users/me?context=edit&_locale=user",
            "GET /wp-json/wp/v2/users?who=authors&per_page=100&_locale=user",
            "GET /wp-json/wp/v2/posts?_embed=author",
            "GET /wp-content/uploads/2024/05/photo.jpg",
            "GET /download.php?file=/wp-content/uploads/2024/05/price-list.pdf",
            "GET /wp-content/plugins/woocommerce/assets/js/frontend/cart.min.js?ver=9.1.2",
            "POST /wp-admin/admin-ajax.php?action=heartbeat",
            "GET /wp-admin/admin-ajax.php?action=revslider_show_image&img=7",
            "GET /?q=android+safe_mode",
            "GET /search?q=php+disabled+allow_url_include",
            "POST /node/add?element_parents=field_image/widget/0&ajax_form=1",
            "GET /index.php?s=shoes",
            "GET /readme.txt",
            "GET /api/v1/users?public=true",
            "POST /rest/V1/guest-carts/Xy7aQ2/estimate-shipping-methods",
            "GET /.well-known/change-password",
            "GET /user/loader.php?api=1",
        ],
        200,
    );
}
