use super::*;

pub(super) const MET: &[Line] = &[
    ("gateway_files", "GET /tmui/login.jsp/..;/tmui/locallb/workspace/fileRead.jsp"),
    ("gateway_files", "GET /tmui/login.jsp/%2E%2E;/tmui/x.jsp"),
    ("gateway_files", "GET /dana-na/../dana/html5acc/guacamole/../../../etc/hosts"),
    ("gateway_files", "GET /vpn/../vpns/cfg/smb.conf"),
    ("gateway_files", "GET /client/index.php%3F.php/gsb/users.php"),
    ("gateway_files", "GET /unauth/%252e%252e/php/ztp_gate.php/PAN_help/x.css"),
    ("gateway_files", "POST /service/extension/backup/mboximport?account-name=admin"),
    ("gateway_files", "POST /api/v2.0/cmdb/system/admin%3f/../../../../../cgi-bin/fwbcgi"),
    ("gateway_files_request", "GET /remote/fgt_lang?lang=/../../../..//////////dev/cmdb/sslvpn_websession"),
    (
        "cisco_files",
        "GET /+CSCOT+/translation-table?type=mst&textdomain=/%2bCSCOE%2b/portal_inc.lua&lang=../",
    ),
    ("cisco_files", "GET /+CSCOU+/../+CSCOE+/files/file_list.json?path=/sessions"),
    ("gateway_command", "POST /mgmt/tm/util/bash"),
    ("gateway_command", "POST /mics/services/MICSLogService"),
    ("gateway_command_request", "GET /access/set?param=enableapi&value=1"),
    ("gateway_code", "POST /ui/vropspluginui/rest/services/uploadova"),
    ("gateway_code", "POST /configWizard/keyUpload.jsp"),
    ("gateway_code", "GET /human2.aspx"),
    ("gateway_code", "POST /./RestAPI/LogonCustomization"),
    ("gateway_deserialization", "POST /aspera/faspex/package_relay/relay_package"),
    ("gateway_bypass", "GET /mifs/aad/api/v2/authorized/users?adminDeviceSpaceId=1"),
    ("gateway_bypass", "GET /SetupWizard.aspx/literallyanything"),
    ("gateway_bypass", "GET /php/ztp_gate.php/.js.map"),
    ("gateway_bypass", "POST /%2577eb%2575i_%2577sma_Http"),
    ("gateway_bypass_request", "POST /webui/logoutconfirm.html?logon_hash=1"),
    ("gateway_bypass_request", "GET /app?service=page/SetupCompleted"),
    ("gateway_bypass_parameter", "POST /remote/logincheck?magic=4tinet2095866"),
    ("gateway_bypass_parameter", "POST /webauth_operation.php?PHPRC=/dev/fd/0"),
    (
        "fortios_bypass",
        "PUT /api/v2/cmdb/system/admin/admin\nforwarded: for=\"[127.0.0.1]:8000\";by=\"[127.0.0.1]:9000\"",
    ),
    ("panos_bypass", "x-pan-authcheck: off"),
    ("crushftp_bypass", "authorization: AWS4-HMAC-SHA256 Credential=crushadmin/"),
    ("cleo_upload", "vlsync: ADD;l=Ab1234-RQ0258;n=VLTrader;v=5.7.0.0"),
    (
        "exchange_proxy",
        "GET /autodiscover/autodiscover.json?@foo.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@foo.example",
    ),
    ("exchange_proxy", "POST /autodiscover/autodiscover.json?a=x@foo.example/powershell/?X-Rps-CAT=x"),
    ("exchange_cookie", "cookie: X-BEResource=localhost~1942062522;"),
    ("exchange_view_state", "GET /ecp/default.aspx?__VIEWSTATEGENERATOR=B97B4E27&__VIEWSTATE=%2FwEyh"),
    ("web_shell_folder", "POST /aspnet_client/discover.aspx"),
    ("zimbra_include", "GET /h/rest?javax.servlet.include.servlet_path=/WEB-INF/web.xml"),
    ("serv_u_files", "GET /?InternalDir=/../../../../windows&InternalFile=win.ini"),
    ("server_files", "GET /storage/t.dn?s=..%5c..%5cWeb.config&sid=1"),
    ("server_files", "GET /toolbox-resource/../serverconfig.xml"),
    (
        "freepbx_module",
        "GET /admin/ajax.php?module=FreePBX%5Cmodules%5Cendpoint%5Cajax&command=model&brand=x",
    ),
    ("workspace_template", "GET /catalog-portal/ui/oauth/verify?error=&deviceUdid=x"),
    ("orion_back_door", "GET /Orion/logoimagehandler.ashx?clazz=a&method=b&args=c&codes=d"),
    ("gateway_probe", "GET /remote/fgt_lang?lang=en"),
    ("gateway_probe", "POST /clients/MyCRL"),
    ("gateway_probe", "POST /gwtest/formssso?event=start"),
];

#[test]
fn holes_of_gateways_are_met() {
    assert_met(MET);
}

#[test]
fn honest_use_of_the_same_products_is_left_alone() {
    assert_left_alone(
        &[
            "GET /owa/auth/logon.aspx?replaceCurrent=1&url=https%3a%2f%2fmail.example.com%2fowa%2f",
            "POST /owa/service.svc?action=GetConversationItems&EP=1",
            "POST /ecp/DDI/DDIService.svc/GetList?schema=MailboxService",
            "GET /autodiscover/autodiscover.json?Email=ada%40example.com&Protocol=ActiveSync&RedirectCount=1",
            "GET /autodiscover/autodiscover.json/v1.0/ada@example.com?Protocol=Autodiscoverv1",
            "POST /mapi/emsmdb/?MailboxId=1@example.com",
            "GET /vpn/index.html",
            "GET /remote/login?lang=en",
            "GET /dana-na/auth/url_default/welcome.cgi",
            "GET /+CSCOE+/logon.html",
            "GET /+CSCOU+/portal.css",
            "GET /+CSCOT+/translation-table?type=mst&textdomain=AnyConnect",
            "GET /tmui/login.jsp",
            "GET /app?service=page/Home",
            "GET /human.aspx",
            "x-pan-authcheck: on",
            "cookie: X-BackEndCookie=S-1-5-21=u56Lnp2ejJqBy87Sz8jGmsrSxpmazg==; PrivateComputer=true",
            "authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20250101/eu-west-1/s3/aws4_request",
            "forwarded: for=192.0.2.60;proto=http;by=203.0.113.43",
            "forwarded: for=\"[2001:db8:cafe::17]:4711\"",
        ],
        200,
    );
}
