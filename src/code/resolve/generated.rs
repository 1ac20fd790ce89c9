//! Code that a tool makes of a schema, and that a repository doesn't have: the client that Prisma makes where the schema
//! says. It is the one of the package.
//! <https://www.prisma.io/docs/orm/prisma-schema/overview/generators>

use super::files::{folder_of, join};

/// Whether a file is a schema of Prisma.
pub(super) fn is_schema(path: &str) -> bool {
    path.ends_with(".prisma")
}

/// The folders of the clients that a schema has made, and the package that they stand for.
pub(super) fn clients(path: &str, schema: &str) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    let mut provider = "";
    let mut output = "";
    for line in schema.lines().map(str::trim) {
        if line.starts_with("generator ") {
            (provider, output) = ("", "");
        } else if line.starts_with('}') {
            if provider.starts_with("prisma-client") && !output.is_empty() {
                found.extend(join(folder_of(path), output).map(|folder| (folder, "@prisma/client")));
            }
            (provider, output) = ("", "");
        } else if let Some((key, value)) = line.split_once('=') {
            let value = value.trim().trim_start_matches('"').split('"').next().unwrap_or_default();
            match key.trim() {
                "provider" => provider = value,
                "output" => output = value,
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::clients;

    #[test]
    fn only_clients_with_a_place_of_their_own_are_made() {
        let schema = "generator client {\n provider = \"prisma-client-js\"\n output = \"./made\" // here\n}\n\
            generator json {\n provider = \"prisma-json\"\n output = \"./json\"\n}\n\
            datasource db {\n provider = \"postgresql\"\n}\n";
        assert_eq!(clients("db/schema.prisma", schema), [("db/made".to_owned(), "@prisma/client")]);
        assert!(clients("schema.prisma", "generator c {\n provider = \"prisma-client-js\"\n}\n").is_empty());
    }
}
