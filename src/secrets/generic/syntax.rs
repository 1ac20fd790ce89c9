//! What the syntax of a file allows, told from its name.

/// What may stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::secrets) struct Syntax {
    /// Values may stand without quotes.
    pub bare: bool,
    /// A bare value goes on to the end of its line.
    pub line: bool,
    /// Sentences for people.
    pub prose: bool,
    /// SQL.
    pub sql: bool,
    /// Elements and attributes.
    pub markup: bool,
    /// Settings of a program, not its code.
    pub settings: bool,
    /// A file of logins: what stands there as a password is one.
    pub login: bool,
}

/// The syntax of the file at `path`.
pub(in crate::secrets) fn syntax(path: &str) -> Syntax {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    let mut syntax = Syntax { login: is_login(&lower), ..Syntax::default() };
    match extension {
        _ if lower.starts_with(".env")
            || lower.ends_with(".env")
            || lower.contains(".env.")
            || lower == "env" =>
        {
            syntax.bare = true;
            syntax.line = true;
            syntax.settings = true;
        }
        "yml" | "yaml" | "properties" | "ini" | "cfg" | "conf" | "cnf" | "config" | "tugboat" | "s3cfg"
        | "credentials" | "toml" | "reg" => {
            syntax.bare = true;
            syntax.line = true;
            syntax.settings = true;
        }
        "json" | "xml" | "tfvars" | "tfstate" | "plist" | "json5" | "jsonc" | "hcl" => syntax.settings = true,
        "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" | "cmd" | "dockerfile" | "mk" | "profile"
        | "service" | "envrc" => syntax.bare = true,
        "bashrc" | "bash_profile" | "zshrc" | "bash_history" | "netrc" | "npmrc" | "yarnrc" | "pypirc"
        | "esmtprc" | "msmtprc" | "fetchmailrc" | "curlrc" | "wgetrc" | "boto" => {
            syntax.bare = true;
            syntax.settings = true;
        }
        "md" | "mdx" | "markdown" | "txt" | "rst" | "adoc" | "log" | "mdc" => {
            syntax.bare = true;
            syntax.prose = true;
        }
        "sql" => syntax.sql = true,
        _ if matches!(
            lower.as_str(),
            "dockerfile" | "makefile" | "procfile" | "jenkinsfile" | "vagrantfile"
        ) || lower.starts_with("dockerfile.") =>
        {
            syntax.bare = true
        }
        _ if !lower.trim_start_matches('.').contains('.') && !lower.is_empty() => {
            syntax.bare = true;
            syntax.settings = true;
        }
        _ => {}
    }
    syntax.markup =
        ["xml", "config", "csproj", "plist", "resx", "props", "xaml", "jelly", "iml", "xsd", "nuspec"]
            .contains(&extension);
    syntax
}

/// Files in which programs keep logins.
fn is_login(name: &str) -> bool {
    const NAMES: &[&str] = &[
        ".netrc",
        "_netrc",
        ".git-credentials",
        ".pgpass",
        ".my.cnf",
        ".mylogin.cnf",
        ".pypirc",
        ".npmrc",
        ".dockercfg",
        ".ftpconfig",
        "sftp.json",
        "sftp-config.json",
        ".remote-sync.json",
        "deployment-config.json",
        "filezilla.xml",
        "recentservers.xml",
        "sitemanager.xml",
        "webservers.xml",
        "datasources.xml",
        "datasources.local.xml",
        ".esmtprc",
        ".msmtprc",
        ".fetchmailrc",
        "robomongo.json",
        "robo3t.json",
        "wp-config.php",
        ".ftppass",
        "secrets.json",
        "credentials",
        "credentials.json",
        ".s3cfg",
        ".credentials",
        "dbeaver-data-sources.xml",
        ".tugboat",
        "hub",
        "settings.xml",
        "tomcat-users.xml",
        "ventrilo_srv.ini",
        "sftp.conf",
    ];
    NAMES.contains(&name)
}
