//! Credentials in what people write to each other, in SQL, and in what settings are part of.

use super::{each_is_found, found, none_is_a_secret};

#[test]
fn comments_and_tables() {
    each_is_found(&[
        ("src/a.ts", "/**\n * Staging login\n *   pass: ‹P›\n */\n", "pass"),
        ("src/a.js", "// token = ‹T›\n", "token"),
        ("src/a.js", "# token = ‹T›\n", "token"),
        ("src/a.js", "// api key -> ‹T›\n", "api key"),
        ("src/a.js", "// admin password is ‹P›\n", "password"),
        ("src/a.js", "// admin login: admin@acme.io / ‹P›\n", "*"),
        ("index.html", "<!-- admin api key: ‹T› -->\n", "api key"),
        ("index.html", "<!--\n  api_key: ‹T›\n-->\n", "api_key"),
        ("a.sql", "-- password: ‹P›\n", "password"),
        ("a.md", "| `ADMIN_PASSWORD` | `‹P›` |\n", "ADMIN_PASSWORD"),
        ("a.md", "| API_TOKEN | token for the API | `‹T›` |\n", "*"),
        ("a.md", "| Role | Email | Password |\n|---|---|---|\n| Admin | a@acme.io | `‹P›` |\n", "Password"),
        ("a.md", "**Password:** ‹P›\n", "Password"),
        ("a.md", "- Admin: admin@acme.io / `‹P›`\n", "*"),
        ("a.md", "- Production DB: postgres://app:‹T›@prod-db:5432/app\n", "*"),
    ]);
    none_is_a_secret(&[
        ("src/a.ts", " * token: bearer token from Auth0\n"),
        ("src/a.ts", "// token = generateToken(user.id2)\n"),
        ("src/a.ts", "// password: min 8 chars\n"),
        ("src/a.ts", "addResult('Environment', 'Encryption Key', 'pass', 'Valid')"),
        ("a.md", "| JWT_SECRET | string | 32+ chars |\n"),
        ("a.md", "| Name | Password |\n|---|---|\n| `user` | bcrypt12 |\n"),
        ("a.md", "For example, https://acme.io/d/‹T› has the token `‹T›`.\n"),
        ("a.md", "- Test: test@acme.io / TestPassword123!\n"),
        ("a.md", "- DB: postgres://postgres:postgres@localhost:5432/app\n"),
    ]);
}

#[test]
fn sql_of_every_order() {
    each_is_found(&[
        ("a.sql", "create role app_rw with login password '‹P›' nosuperuser;", "password"),
        ("a.sql", "create user reporting password '‹P›';", "password"),
        ("a.ts", "await client.query(`create role app login password '‹P›'`);", "password"),
        ("a.sh", "psql -c \"ALTER USER app WITH PASSWORD '‹P›';\"\n", "PASSWORD"),
        ("a.sql", "CREATE USER 'a'@'%' IDENTIFIED WITH mysql_native_password BY '‹P›';", "*"),
        (
            "seed.sql",
            "INSERT INTO auth.users (id, encrypted_password) VALUES (1, crypt('‹P›', gen_salt('bf')));",
            "*",
        ),
    ]);
    none_is_a_secret(&[
        ("a.sql", "ALTER ROLE app WITH PASSWORD '${DB_PASSWORD}';"),
        ("a.sql", "create role app login password 'changeme';"),
        ("a.sql", "password = crypt($1, password)"),
        ("a.sql", "raise exception 'Invalid password 1234ab';"),
    ]);
}

#[test]
fn parts_of_settings() {
    each_is_found(&[
        ("appsettings.json", "{\"Jwt\": {\"Issuer\": \"acme\", \"Key\": \"‹T›\"}}", "Key"),
        ("config.yml", "jwt:\n  issuer: acme\n  key: ‹T›\n", "key"),
        ("config.toml", "[encryption]\nkey = \"‹T›\"\n", "key"),
        ("config.php", "'jwt' => [\n    'key' => '‹T›',\n]", "key"),
        ("a.cs", "builder.Configuration[\"Jwt:Key\"] ?? \"‹T›\"", "Key"),
        ("values.yaml", "apiToken:\n  value: ‹T›\n", "apiToken"),
        ("appsettings.json", "{\"Redis\": \"cache.acme.io:6380,password=‹T›,ssl=True\"}", "password"),
        ("a.go", "dsn := \"app:‹T›@tcp(db.acme.io:3306)/app\"", "*"),
        (
            "main.tf",
            "resource \"aws_ssm_parameter\" \"x\" {\n  name = \"/a/b\"\n  type = \"SecureString\"\n  value = \"‹T›\"\n}\n",
            "*",
        ),
        ("a.tfstate", "{\"type\": \"random_password\", \"x\": {\"length\": 24, \"result\": \"‹T›\"}}", "*"),
        ("a.py", "chave_api = '‹T›'\n", "chave_api"),
        (".env", "CLAVE_API=‹T›\n", "CLAVE_API"),
        ("a.py", "senha_banco = '‹P›'\n", "senha_banco"),
    ]);
    none_is_a_secret(&[
        ("a.json", "{\"jwt\": {\"header\": \"x\"}, \"items\": [{\"key\": \"‹T›\"}]}"),
        ("k8s.yml", "secretKeyRef: {name: api, key: API_TOKEN}\n"),
        ("a.ts", "session: { key: 'connect.sid' }"),
        ("a.go", "\"root:root@tcp(127.0.0.1:3306)/db\""),
        ("a.py", "chave_primaria = '‹T›'"),
        ("a.py", "nome_chave = 'Usuario2024'"),
    ]);
}

#[test]
fn passwords_that_a_mail_provider_draws() {
    let groups = ["qvzr", "mwkt", "xjpd", "bhqn"];
    let (spaced, joined) = (groups.join(" "), groups.concat());
    for (path, text) in [
        ("a.js", format!("auth: {{ user: 'acme@gmail.com', pass: '{spaced}' }}")),
        ("a.js", format!("auth: {{ user: 'acme@gmail.com', pass: '{joined}' }}")),
        (".env", format!("SMTP_PASS={spaced}\n")),
        ("README.md", format!("Gmail app password: {spaced}\n")),
    ] {
        let values: Vec<String> = found(path, &text).into_iter().map(|found| found.1).collect();
        assert!(values == [spaced.clone()] || values == [joined.clone()], "{path}: {text} {values:?}");
    }
    none_is_a_secret(&[
        (".env", "GMAIL_APP_PASSWORD=abcd efgh ijkl mnop\n"),
        ("a.js", "password: 'must have more text'"),
        ("a.ts", "password: 'organizationname'"),
    ]);
}
