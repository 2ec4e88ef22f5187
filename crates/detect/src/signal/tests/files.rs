use super::*;

pub(super) const MET: &[Line] = &[
    ("environment_file", "GET /.env"),
    ("environment_file", "GET /%2eenv"),
    ("environment_file", "GET /api/.env.production"),
    ("environment_file", "GET /.env;.css"),
    ("environment_file", "GET /.env/"),
    ("version_control", "GET /shop/.git/config"),
    ("version_control", "GET /.git/HEAD"),
    ("version_control", "GET /.svn/entries"),
    ("version_control_listing", "GET /CVS/Entries"),
    ("cloud_credentials", "GET /.aws/credentials"),
    ("cloud_credentials", "GET /.kube/config"),
    ("cloud_credentials", "GET /infra/terraform.tfstate"),
    ("cloud_credentials", "GET /serviceAccountKey.json"),
    ("credentials_in_root", "GET /credentials.json"),
    ("login_file", "GET /.npmrc"),
    ("login_file", "GET /.htpasswd"),
    ("login_file", "GET /.ssh/id_rsa.pub"),
    ("login_file", "GET /sftp-config.json"),
    ("shell_history", "GET /root/.bash_history"),
    ("private_key", "GET /id_rsa"),
    ("private_key", "GET /certs/privkey.pem"),
    ("private_key", "GET /config/master.key"),
    ("key_store", "GET /ssl/site.pfx"),
    ("editor_folder", "GET /.vscode/settings.json"),
    ("editor_folder", "GET /.idea/workspace.xml"),
    ("pipeline_file", "GET /.gitlab-ci.yml"),
    ("pipeline_file", "GET /.github/workflows/deploy.yml"),
    ("pipeline_file", "GET /docker-compose.yml"),
    ("swap_file", "GET /.index.php.swp"),
    ("swap_file", "GET /config.php~"),
    ("source_copy", "GET /index.php.old"),
    ("backup_copy", "GET /wp-config.php.bak"),
    ("backup_copy", "GET /web.config.bak"),
    ("wordpress_configuration", "GET /wp-config.php"),
    ("wordpress_configuration", "GET /blog/wp-config.php.save"),
    ("application_configuration", "GET /config/database.yml"),
    ("application_configuration", "GET /app/etc/env.php"),
    ("application_configuration", "GET /conf/tomcat-users.xml"),
    ("database_dump", "GET /backup/shop.sql.gz"),
    ("database_dump", "GET /dump.sql"),
    ("database_file", "GET /db.sqlite3"),
    ("site_archive", "GET /backup.zip"),
    ("site_archive", "GET /www.tar.gz"),
    ("archive_guess", "GET /site.zip"),
    ("log_file", "GET /storage/logs/laravel.log"),
    ("log_file", "GET /wp-content/debug.log"),
    ("dependency_list", "GET /composer.lock"),
    ("dependency_list", "GET /Dockerfile"),
    ("finder_file", "GET /.DS_Store"),
    ("server_internals", "GET /WEB-INF/web.xml"),
    ("server_internals", "GET /cgi/../../proc/self/environ"),
    ("memory_dump", "GET /actuator/heapdump"),
];

#[test]
fn files_that_nobody_asks_for_in_good_faith_are_met() {
    assert_met(MET);
}

#[test]
fn names_that_only_look_like_them_are_left_alone() {
    let lines = [
        "GET /blog/environment.html",
        "GET /docs/.env.md/guide",
        "GET /articles/git/",
        "GET /digit.gitignore-guide",
        "GET /.well-known/acme-challenge/x",
        "GET /.well-known/security.txt",
        "GET /?q=how+to+protect+.env",
        "GET /?file=/.env.html",
        "GET /tags/dockerfile/",
        "GET /learn/sql",
        "GET /blog/how-to-write-a-wp-config-file",
        "GET /blog/backup.zip-and-how-to-open-it",
        "GET /keys/public.pem",
        "GET /catalogue",
        "GET /downloads/release-1.2.tar.gz",
        "GET /img/backup.png",
        "GET /v2/kubernetes/clusters/1042/kubeconfig",
        "GET /2010-04-01/Accounts/1042/SIP/CredentialLists/7/Credentials.json",
        "GET /2.0/repositories/main/main/pipelines_config/ssh/known_hosts/",
    ];
    assert_left_alone(&lines, 200);
    assert_left_alone(&lines, 404);
}

#[test]
fn files_that_a_site_really_has_are_left_alone() {
    assert_left_alone(
        &[
            "GET /package.json",
            "GET /site.zip",
            "GET /requirements.txt",
            "GET /attachments/1234/dump.sql",
            "GET /download/attachments/12/server.log",
            "GET /downloads/northwind.sql",
            "PROPFIND /remote.php/dav/files/ada/.DS_Store",
            "GET /remote.php/dav/files/ada/.DS_Store",
        ],
        200,
    );
}

#[test]
fn files_that_a_code_host_shows_are_left_alone() {
    assert_left_alone(
        &[
            "GET /group/project/-/blob/main/.env.example",
            "GET /group/project/-/raw/main/wp-config.php",
            "GET /group/project/-/tree/main/.github",
            "GET /group/project/-/jobs/77/artifacts/raw/logs/server.log",
            "GET /owner/repo/blob/main/.gitignore",
            "GET /owner/repo/src/branch/main/docker-compose.yml",
            "GET /projects/SHOP/repos/site/browse/.htaccess",
            "GET /api/v4/projects/12/repository/files/%2Egitlab-ci.yml/raw?ref=main",
            "GET /api/v1/repos/owner/repo/contents/.env.example",
            "GET /job/site/ws/db/schema.sql",
            "GET /group/project.git/info/refs?service=git-upload-pack",
            "POST /group/project.git/git-receive-pack",
        ],
        200,
    );
}
