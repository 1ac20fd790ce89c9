//! Remotes: host, owner and name. Credentials in a URL never leave this file.

use super::Remote;

/// Takes a remote's URL apart.
pub(super) fn parse(name: &str, url: &str) -> Remote {
    let remote = |protocol: &str, host: &str, path: &str| {
        let (owner, repository) = split(path);
        Remote {
            name: name.to_owned(),
            host: host.to_lowercase(),
            owner,
            repository,
            protocol: protocol.to_owned(),
        }
    };
    let url = url.trim();
    if let Some((scheme, rest)) = url.split_once("://") {
        let protocol = match scheme.to_ascii_lowercase().as_str() {
            "https" | "git+https" => "https",
            "http" => "http",
            "ssh" | "git+ssh" | "ssh+git" => "ssh",
            "git" => "git",
            "file" => return remote("file", "", &local(rest)),
            _ => return remote("file", "", ""),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        // A password may hold an `@` or even a `/` that nobody encoded: the host comes after the last `@`.
        let (authority, path) = match path.rsplit_once('@') {
            Some((_, after)) if !authority.contains('@') => after.split_once('/').unwrap_or((after, "")),
            _ => (authority, path),
        };
        return remote(protocol, host(authority), path);
    }
    // `user@host:owner/repository`. A colon after a slash, or after one letter, belongs to a path on disk.
    match url.split_once(':') {
        Some((authority, path))
            if !authority.contains('/') && !authority.contains('\\') && authority.len() > 1 =>
        {
            let (authority, path) = match path.rsplit_once('@') {
                Some((_, after)) if !authority.contains('@') => after.split_once(':').unwrap_or((after, "")),
                _ => (authority, path),
            };
            remote("ssh", host(authority), path)
        }
        _ => remote("file", "", &local(url)),
    }
}

/// The host of `user:password@host:port`.
fn host(authority: &str) -> &str {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return host.split_once(']').map_or(host, |(host, _)| host.trim_start_matches('['));
    }
    host.split_once(':').map_or(host, |(host, _)| host)
}

/// Of a path on disk only the last name is kept: the rest describes somebody's machine.
fn local(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// Owner (with sub-groups) and repository of `/group/sub/repository.git`.
fn split(path: &str) -> (String, String) {
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    match path.rsplit_once('/') {
        Some((owner, repository)) => (owner.trim_start_matches("~").to_owned(), repository.to_owned()),
        None => (String::new(), path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> (String, String, String, String) {
        let remote = parse("origin", url);
        (remote.protocol, remote.host, remote.owner, remote.repository)
    }

    fn expect(url: &str, protocol: &str, host: &str, owner: &str, repository: &str) {
        let expected = (protocol.to_owned(), host.to_owned(), owner.to_owned(), repository.to_owned());
        assert_eq!(parts(url), expected, "{url}");
    }

    #[test]
    fn every_form_of_url_is_taken_apart() {
        expect("https://github.com/acme/shop.git", "https", "github.com", "acme", "shop");
        expect("https://GitHub.com/acme/shop/", "https", "github.com", "acme", "shop");
        expect("http://git.local:3000/acme/shop", "http", "git.local", "acme", "shop");
        expect("git@github.com:acme/shop.git", "ssh", "github.com", "acme", "shop");
        expect("github.com:acme/shop", "ssh", "github.com", "acme", "shop");
        expect("ssh://git@gitlab.com:22/group/sub/shop.git", "ssh", "gitlab.com", "group/sub", "shop");
        expect("ssh://git@[::1]:22/acme/shop.git", "ssh", "::1", "acme", "shop");
        expect("git://host/shop.git", "git", "host", "", "shop");
        expect("file:///home/ana/shop.git", "file", "", "", "shop");
        expect("/home/ana/shop", "file", "", "", "shop");
        expect("../shop", "file", "", "", "shop");
        expect("C:\\Users\\ana\\shop", "file", "", "", "shop");
        expect("", "file", "", "", "");
    }

    #[test]
    fn credentials_are_never_kept() {
        let word = format!("{}{}", "hunter", 2);
        for url in [
            format!("https://ana:{word}@github.com/acme/shop.git"),
            format!("https://{word}@github.com/acme/shop.git"),
            format!("https://ana:{word}@x@github.com/acme/shop.git"),
            format!("https://ana:{word}/x@github.com/acme/shop.git"),
            format!("https://{word}:@github.com/acme/shop.git?token={word}"),
            format!("ana:{word}@github.com:acme/shop.git"),
            format!("weird://ana:{word}@github.com/acme/shop.git"),
        ] {
            let remote = parse("origin", &url);
            assert!(!format!("{remote:?}").contains(&word), "{url}: {remote:?}");
        }
    }
}
