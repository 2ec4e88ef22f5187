use super::*;

pub(super) const MET: &[Line] = &[
    ("router_command", "GET /cgi-bin/luci/;stok=/locale?form=country&operation=write&country=x"),
    ("router_command", "POST /tmUnblock.cgi"),
    ("router_command", "POST /ctrlt/DeviceUpgrade_1"),
    ("router_command", "GET /cgi-bin/;killall"),
    ("router_command", "POST /ztp/cgi-bin/handler"),
    ("router_command", "GET /adv,/cgi-bin/weblogin.cgi?username=x"),
    ("router_command", "POST /picsdesc.xml"),
    ("router_command_request", "GET /setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=id"),
    ("router_command_request", "POST /GponForm/diag_Form?images/"),
    ("router_command_request", "GET /ud/act?1"),
    ("router_files", "POST /images/..%2fapply_abstract.cgi"),
    ("router_probe", "POST /HNAP1/"),
    ("router_probe", "POST /boaform/admin/formLogin"),
    ("router_probe", "GET /rom-0"),
    ("router_back_door", "user-agent: xmlset_roodkcableoj28840ybtide"),
    ("camera_command", "PUT /SDK/webLanguage"),
    ("camera_command", "GET /language/Swedish${IFS}&&echo"),
    ("camera_command", "GET /language/Swedish%26%26echo"),
    ("camera_command_request", "GET /shell?cd+/tmp;rm+-rf+*"),
    ("camera_command_request", "GET /cgi-bin/supervisor/Factory.cgi?action=white_led&brightness=x"),
    ("camera_command_request", "POST /device.rsp?opt=sys&cmd=___S_O_S_T_R_E_A_MAX___&mdb=sos"),
    ("camera_back_door", "GET /Security/users?auth=YWRtaW46MTEK"),
    ("camera_files", "POST /center/api/files;.js"),
    ("camera_probe", "GET /current_config/passwd"),
    ("camera_probe", "POST /RPC2_Login"),
    ("appliance_command", "POST /cgi-bin/file_transfer.cgi"),
    ("appliance_command", "GET /card_scan.php?No=30&ReaderNo=x"),
    ("appliance_command_request", "GET /cgi-bin/nas_sharing.cgi?user=messagebus&passwd=&cmd=15&system=aWQ="),
    ("zeroshell_command", "GET /cgi-bin/kerbynet?Action=x509view&Section=NoAuthREQ&User=&x509type=x"),
    ("appliance_probe", "POST /photo/p/api/album.php"),
    ("appliance_probe", "GET /cgi-bin/test-cgi"),
];

#[test]
fn holes_of_devices_are_met() {
    assert_met(MET);
}

#[test]
fn pages_that_only_look_like_them_are_left_alone() {
    assert_left_alone(
        &[
            "GET /cgi-bin/weather.cgi",
            "GET /language/swedish",
            "GET /language/swedish/lesson-1",
            "GET /shell?tab=1",
            "GET /shop/goform/",
            "GET /login?auth=basic",
            "GET /cgi-bin/luci/admin/network",
            "GET /cgi-bin/kerbynet?Section=Home",
            "GET /menu.html?lang=en",
            "GET /search?q=/board.cgi?cmd=",
            "GET /images/info.html",
            "GET /support/hp/device/drivers",
        ],
        200,
    );
}
