//! Every form in which a credential is written down, and what looks like one.

mod calls;
mod harmless;
mod written;

use super::super::model::{Audience, Class, Searched};
use super::find;

/// A random value of letters and digits, always the same for a seed.
fn drawn(seed: u64, length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(LETTERS[usize::try_from((state >> 33) % 62).unwrap()])
    };
    (0..length).map(|_| next()).collect()
}

fn hex(seed: u64, length: usize) -> String {
    let mut text: String = drawn(seed, length * 2).bytes().map(|b| format!("{b:02x}")).collect();
    text = text
        .chars()
        .enumerate()
        .map(|(i, c)| {
            if i % 3 == 0 {
                char::from(b"0123456789abcdef"[(usize::from(text.as_bytes()[i]) * 7 + i * 5) % 16])
            } else {
                c
            }
        })
        .collect();
    text.truncate(length);
    text
}

/// What is found in `text`: name, value, audience and whether it is weak.
fn found(path: &str, text: &str) -> Vec<(String, String, Audience, bool)> {
    let mut out = Vec::new();
    find(&Searched { path, bytes: text.as_bytes(), class: Class::Whole, windows: None }, &mut out);
    out.sort_by_key(|candidate| candidate.at.start);
    out.dedup_by_key(|candidate| candidate.at.clone());
    out.iter()
        .map(|candidate| {
            let name = candidate.name.clone().map_or("", |name| &text[name]).to_owned();
            (
                name,
                text[candidate.at.clone()].to_owned(),
                candidate.audience.unwrap_or(Audience::Secret),
                candidate.weak,
            )
        })
        .collect()
}

/// `T` in each text stands for a random token, `H` for 64 hexadecimal digits, `P` for a strong password.
fn filled(text: &str) -> (String, [String; 3]) {
    let values = [drawn(7, 32), hex(11, 64), format!("{}!{}#9x", "Kqz7", "vRw2")];
    let text = text.replace("‹T›", &values[0]).replace("‹H›", &values[1]).replace("‹P›", &values[2]);
    (text, values)
}

fn each_is_found(forms: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (path, form, name) in forms {
        let (text, values) = filled(form);
        let found = found(path, &text);
        let secrets: Vec<_> = found.iter().filter(|found| found.2 == Audience::Secret).collect();
        let fits = matches!(secrets.as_slice(), [(variable, value, ..)] if (variable == name || *name == "*") && values.iter().any(|known| value == known || *name == "*" && value.contains(known.as_str())));
        if !fits {
            wrong.push(format!("{path}: {form}\n    found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn none_is_a_secret(forms: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (path, form) in forms {
        let (text, _) = filled(form);
        let found = found(path, &text);
        if found.iter().any(|found| found.2 == Audience::Secret) {
            wrong.push(format!("{path}: {form}\n    found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn settings_of_environments_and_shells() {
    each_is_found(&[
        (".env", "JWT_SECRET=‹T›\n", "JWT_SECRET"),
        (".env", "JWT_SECRET=\"‹T›\"\n", "JWT_SECRET"),
        (".env", "JWT_SECRET = '‹T›' # rotate me\n", "JWT_SECRET"),
        (".env.production", "export SESSION_SECRET=‹H›\n", "SESSION_SECRET"),
        (".env", "# SESSION_SECRET=‹H›\n", "SESSION_SECRET"),
        (".env", "DB_PASSWORD=‹P›\n", "DB_PASSWORD"),
        (".env", "ADMIN_PASSWORD='‹P›'\n", "ADMIN_PASSWORD"),
        (".env", "INTERNAL_API_KEY=‹T›\r\nPORT=1\r\n", "INTERNAL_API_KEY"),
        ("scripts/deploy.sh", "export API_TOKEN=\"‹T›\"; run\n", "API_TOKEN"),
        ("scripts/deploy.sh", "API_TOKEN=‹T› ./run.sh\n", "API_TOKEN"),
        ("scripts/deploy.sh", "TOKEN=${TOKEN:-‹T›}\n", "TOKEN"),
        ("scripts/deploy.sh", "cat > .env <<EOF\nAPI_SECRET=‹T›\nEOF\n", "API_SECRET"),
        ("scripts/deploy.sh", "PGPASSWORD='‹P›' psql -h db.acme.io\n", "PGPASSWORD"),
        ("scripts/deploy.sh", "login --password ‹P› --user x\n", "password"),
        ("scripts/deploy.sh", "login --password=‹P›\n", "password"),
        ("scripts/deploy.sh", "tool --api-key \"‹T›\" list\n", "api-key"),
        ("scripts/deploy.sh", "curl -u admin:‹P› https://api.acme.io\n", "*"),
        ("scripts/deploy.sh", "curl https://api.acme.io \\\n  -u 'admin:‹P›'\n", "*"),
        ("scripts/deploy.sh", "sshpass -p '‹P›' ssh root@acme.io\n", "*"),
        ("scripts/deploy.sh", "curl -H \"Authorization: Bearer ‹T›\" https://api.acme.io\n", "*"),
        ("scripts/deploy.sh", "curl -H 'X-Api-Key: ‹T›' https://api.acme.io\n", "*"),
        ("scripts/deploy.sh", "curl \"https://api.acme.io/v1?api_key=‹T›&x=1\"\n", "api_key"),
        ("scripts/deploy.ps1", "$env:API_TOKEN = \"‹T›\"\n", "*"),
        ("scripts/deploy.ps1", "Connect -User x -Password ‹P›\n", "Password"),
        ("run.bat", "set API_TOKEN=‹T›\n", "API_TOKEN"),
        ("Dockerfile", "ENV API_TOKEN=‹T›\n", "API_TOKEN"),
        ("Dockerfile", "ENV API_TOKEN ‹T›\n", "API_TOKEN"),
        ("Dockerfile", "ARG API_TOKEN=\"‹T›\"\n", "API_TOKEN"),
        ("Makefile", "API_TOKEN ?= ‹T›\n", "API_TOKEN"),
        ("Makefile", "\tAPI_TOKEN=‹T› go run .\n", "API_TOKEN"),
    ]);
}

#[test]
fn settings_in_yaml_and_json() {
    each_is_found(&[
        ("config.yml", "jwt:\n  secret: ‹T›\n", "secret"),
        ("config.yml", "jwt_secret: \"‹T›\"\n", "jwt_secret"),
        ("config.yml", "jwt_secret: &jwt '‹T›'\n", "jwt_secret"),
        ("config.yml", "jwt_secret: >-\n  ‹T›\n", "jwt_secret"),
        ("config.yml", "jwt_secret: |\n    ‹T›\n", "jwt_secret"),
        ("compose.yml", "    environment:\n      - API_TOKEN=‹T›\n", "API_TOKEN"),
        ("compose.yml", "    environment:\n      - \"API_TOKEN=‹T›\"\n", "API_TOKEN"),
        ("compose.yml", "    environment:\n      API_TOKEN: ${API_TOKEN:-‹T›}\n", "API_TOKEN"),
        ("k8s/app.yaml", "env:\n  - name: API_TOKEN\n    value: ‹T›\n", "API_TOKEN"),
        ("k8s/app.yaml", "env:\n  - name: API_TOKEN\n    value: \"‹T›\"\n", "API_TOKEN"),
        ("render.yaml", "envVars:\n  - key: API_TOKEN\n    value: ‹T›\n", "API_TOKEN"),
        ("k8s/secret.yaml", "stringData:\n  API_TOKEN: ‹T›\n", "API_TOKEN"),
        (".github/workflows/x.yml", "    env:\n      API_TOKEN: ‹T›\n", "API_TOKEN"),
        ("ansible/vars.yml", "db_password: '‹P›'\n", "db_password"),
        ("application.yml", "spring:\n  datasource:\n    password: ‹P›\n", "password"),
        ("application.yml", "jwt:\n  secret: ${JWT_SECRET:‹T›}\n", "JWT_SECRET"),
        ("application.properties", "spring.datasource.password=‹P›\n", "password"),
        ("application.properties", "jwt.secret=‹T›\n", "secret"),
        ("config.json", "{\"apiKey\": \"‹T›\"}", "apiKey"),
        ("config.json", "{\"password\":\"‹P›\",\"x\":1}", "password"),
        ("task.json", "{\"environment\":[{\"name\":\"API_TOKEN\",\"value\":\"‹T›\"}]}", "API_TOKEN"),
        (
            "env.postman_environment.json",
            "{\"key\": \"apiToken\",\n \"value\": \"‹T›\",\n \"enabled\": true}",
            "apiToken",
        ),
        ("n8n/flow.json", "{\"name\": \"X-Api-Key\", \"value\": \"‹T›\"}", "X-Api-Key"),
        ("n8n/flow.json", "{\"name\": \"Authorization\", \"value\": \"Bearer ‹T›\"}", "*"),
        ("n8n/flow.json", "{\"jsCode\": \"const apiKey = \\\"‹T›\\\";\\nreturn 1;\"}", "apiKey"),
        ("n8n/flow.json", "{\"jsCode\": \"const apiKey = '‹T›';\\nreturn 1;\"}", "apiKey"),
        ("book.ipynb", "{\"source\": [\"API_TOKEN = \\\"‹T›\\\"\\n\"]}", "API_TOKEN"),
        ("book.ipynb", "{\"source\": [\"os.environ['API_TOKEN'] = '‹T›'\\n\"]}", "API_TOKEN"),
        ("book.ipynb", "{\"source\": [\"%env API_TOKEN=‹T›\\n\"]}", "API_TOKEN"),
        ("state.tfstate", "{\"password\": {\"value\": \"‹P›\", \"type\": \"string\"}}", "password"),
        (
            "appsettings.json",
            "{\"Default\": \"Server=db.acme.io;Database=app;User Id=sa;Password=‹P›;Encrypt=True\"}",
            "Password",
        ),
        ("appsettings.json", "{\"Jwt\": {\"Key\": \"x\", \"SecretKey\": \"‹T›\"}}", "SecretKey"),
        (".vscode/settings.json", "{\"acme.apiKey\": \"‹T›\"}", "apiKey"),
        ("firebase.json", "{\"functions\": {\"env\": {\"admin_token\": \"‹T›\"}}}", "admin_token"),
    ]);
}

#[test]
fn settings_of_other_programs() {
    each_is_found(&[
        ("config.toml", "api_key = \"‹T›\"\n", "api_key"),
        ("Secrets.toml", "db_password = '‹P›'\n", "db_password"),
        ("terraform.tfvars", "db_password = \"‹P›\"\n", "db_password"),
        ("main.tf", "  master_password = \"‹P›\"\n", "master_password"),
        (
            "variables.tf",
            "variable \"db_password\" {\n  type = string\n  default = \"‹P›\"\n}\n",
            "db_password",
        ),
        (
            "main.tf",
            "  environment {\n    variables = {\n      API_TOKEN = \"‹T›\"\n    }\n  }\n",
            "API_TOKEN",
        ),
        ("setup.ini", "[db]\npassword = ‹P›\n", "password"),
        (".npmrc", "//registry.npmjs.org/:_authToken=‹T›\n", "_authToken"),
        (".pypirc", "[pypi]\nusername = x\npassword = ‹P›\n", "password"),
        (".netrc", "machine api.acme.io login ana password ‹P›\n", "password"),
        (".netrc", "machine api.acme.io\n  login ana\n  password ‹P›\n", "password"),
        ("notes.txt", "machine api.acme.io login ana password ‹P›\n", "password"),
        (".my.cnf", "[client]\nuser=root\npassword=‹P›\n", "password"),
        (".pgpass", "db.acme.io:5432:app:ana:‹P›\n", "*"),
        ("redis.conf", "requirepass ‹T›\n", "requirepass"),
        ("settings.xml", "<server><username>x</username><password>‹P›</password></server>", "password"),
        ("web.config", "<add key=\"ApiToken\" value=\"‹T›\" />", "ApiToken"),
        ("web.config", "<add name=\"x\" connectionString=\"Server=a.b.io;User ID=u;Pwd=‹P›;\" />", "Pwd"),
        ("strings.xml", "<string name=\"api_token\">‹T›</string>", "api_token"),
        ("Info.plist", "<key>ApiToken</key>\n\t<string>‹T›</string>", "ApiToken"),
        ("phpunit.xml.bak.xml", "<env name=\"API_TOKEN\" value=\"‹T›\"/>", "API_TOKEN"),
        ("beans.xml", "<property name=\"password\" value=\"‹P›\"/>", "password"),
        ("hub.xml", "<Pass encoding=\"plain\">‹P›</Pass>", "Pass"),
        ("database.yml", "production:\n  username: app\n  password: ‹P›\n", "password"),
        ("config/master.key", "‹H›", "*"),
    ]);
}

#[test]
fn assignments_in_code() {
    each_is_found(&[
        ("a.ts", "const apiKey = \"‹T›\";", "apiKey"),
        ("a.ts", "const apiKey: string = '‹T›';", "apiKey"),
        ("a.ts", "export const API_KEY = `‹T›` as const;", "API_KEY"),
        ("a.ts", "const c = new Client({ apiKey: '‹T›', x });", "apiKey"),
        ("a.ts", "const c = { 'api-key': \"‹T›\" };", "api-key"),
        ("a.ts", "this.apiKey = \"‹T›\";", "apiKey"),
        ("a.ts", "process.env.API_TOKEN = \"‹T›\";", "API_TOKEN"),
        ("a.ts", "process.env[\"API_TOKEN\"] = \"‹T›\";", "API_TOKEN"),
        ("a.ts", "Deno.env.set(\"API_TOKEN\", \"‹T›\");", "API_TOKEN"),
        ("a.ts", "client.setApiKey(\"‹T›\");", "setApiKey"),
        ("a.ts", "headers.append('x-api-key', '‹T›');", "x-api-key"),
        ("a.ts", "fetch(u, { headers: { Authorization: `Bearer ‹T›` } });", "*"),
        ("a.ts", "fetch(u, { headers: { 'Authorization': 'Token ‹T›' } });", "*"),
        ("a.ts", "fetch(u, { headers: { \"apikey\": \"‹T›\" } });", "apikey"),
        ("a.ts", "fetch(`https://api.acme.io/x?key=1&token=‹T›`);", "token"),
        ("a.ts", "if (token === \"‹T›\") ok();", "token"),
        ("a.ts", "if (req.headers['x-api-key'] !== '‹T›') no();", "x-api-key"),
        ("a.ts", "jwt.sign(payload, \"‹T›\", { expiresIn: 1 });", "*"),
        ("a.ts", "// const apiKey = \"‹T›\";", "apiKey"),
        ("a.ts", "// API_TOKEN=‹T›", "API_TOKEN"),
        ("a.ts", "/* password: ‹P› */ const password = read();", "password"),
        (
            "a.vue",
            "<script>\nexport default { data() { return { apiSecret: '‹T›' } } }\n</script>",
            "apiSecret",
        ),
        ("a.html", "<script>var API_SECRET = '‹T›';</script>", "API_SECRET"),
        ("a.html", "<input type=\"hidden\" name=\"api_secret\" value=\"‹T›\">", "api_secret"),
        ("a.py", "API_KEY = '‹T›'", "API_KEY"),
        ("a.py", "api_key: str = \"‹T›\"", "api_key"),
        ("a.py", "client = Client(password=\"‹P›\")", "password"),
        ("a.py", "os.environ[\"API_KEY\"] = \"‹T›\"", "API_KEY"),
        ("a.py", "os.environ.setdefault('API_KEY', '‹T›')", "API_KEY"),
        ("a.py", "SECRET_KEY = b'‹T›'", "SECRET_KEY"),
        ("a.py", "api_key = SecretStr(\"‹T›\")", "api_key"),
        ("a.py", "DB = {'USER': 'u', 'PASSWORD': '‹P›'}", "PASSWORD"),
        ("a.py", "app.config['SECRET_KEY'] = '‹T›'", "SECRET_KEY"),
        ("a.py", "app.secret_key = \"\"\"‹T›\"\"\"", "secret_key"),
        ("a.py", "conn.login('ana@acme.io', '‹P›')", "*"),
        ("a.py", "requests.get(u, auth=('ana', '‹P›'))", "*"),
        ("a.go", "const apiKey = \"‹T›\"", "apiKey"),
        ("a.go", "apiKey := \"‹T›\"", "apiKey"),
        ("a.go", "const apiKey string = \"‹T›\"", "apiKey"),
        ("a.go", "var jwtSecret = []byte(\"‹T›\")", "jwtSecret"),
        ("a.go", "req.Header.Set(\"X-Api-Key\", \"‹T›\")", "X-Api-Key"),
        ("a.rb", "config.api_key = '‹T›'", "api_key"),
        ("a.rb", ":api_key => \"‹T›\"", "api_key"),
        ("A.java", "private static final String API_KEY = \"‹T›\";", "API_KEY"),
        ("A.java", "builder.password(\"‹P›\").build();", "password"),
        ("A.java", "DriverManager.getConnection(url, \"sa\", \"‹P›\");", "*"),
        ("A.kt", "val apiKey: String = \"‹T›\"", "apiKey"),
        ("build.gradle", "buildConfigField \"String\", \"API_KEY\", \"\\\"‹T›\\\"\"", "API_KEY"),
        ("build.gradle", "    password '‹P›'", "password"),
        ("A.swift", "let apiKey: String = \"‹T›\"", "apiKey"),
        ("A.cs", "private const string ApiKey = @\"‹T›\";", "ApiKey"),
        ("A.cs", "new NetworkCredential(\"ana\", \"‹P›\")", "*"),
        ("a.rs", "const API_KEY: &str = \"‹T›\";", "API_KEY"),
        ("a.rs", "const API_KEY: &'static str = \"‹T›\";", "API_KEY"),
        ("a.rs", "api_key: \"‹T›\".to_string(),", "api_key"),
        ("a.php", "define('API_KEY', '‹T›');", "API_KEY"),
        ("a.php", "$config['db_password'] = '‹P›';", "db_password"),
        ("a.php", "'password' => '‹P›',", "password"),
        ("a.php", "const API_KEY = '‹T›';", "API_KEY"),
        ("a.dart", "static const String apiSecret = '‹T›';", "apiSecret"),
        ("a.ex", "config :app, secret_key_base: \"‹H›\"", "secret_key_base"),
    ]);
}

#[test]
fn fallbacks() {
    each_is_found(&[
        ("a.ts", "const s = process.env.JWT_SECRET || \"‹T›\";", "JWT_SECRET"),
        ("a.ts", "const s = process.env.JWT_SECRET ?? '‹T›';", "JWT_SECRET"),
        ("a.ts", "const s = process.env['JWT_SECRET'] || '‹T›';", "JWT_SECRET"),
        ("a.ts", "const s = process.env.JWT_SECRET\n  || \"‹T›\";", "JWT_SECRET"),
        ("a.ts", "const s = process.env.JWT_SECRET ? process.env.JWT_SECRET : '‹T›';", "JWT_SECRET"),
        ("a.ts", "const secret = process.env.AUTH || \"‹T›\";", "AUTH"),
        ("a.ts", "const s = Deno.env.get(\"JWT_SECRET\") ?? \"‹T›\";", "JWT_SECRET"),
        ("a.ts", "const s = import.meta.env.JWT_SECRET || \"‹T›\";", "JWT_SECRET"),
        ("a.ts", "JWT_SECRET: z.string().min(1).default(\"‹T›\"),", "JWT_SECRET"),
        ("a.ts", "JWT_SECRET: str({ default: '‹T›' }),", "JWT_SECRET"),
        ("a.ts", "configService.get<string>('JWT_SECRET', '‹T›')", "JWT_SECRET"),
        ("a.ts", "configService.get('JWT_SECRET') || '‹T›'", "JWT_SECRET"),
        ("a.py", "s = os.getenv(\"JWT_SECRET\", \"‹T›\")", "JWT_SECRET"),
        ("a.py", "s = os.environ.get('JWT_SECRET', '‹T›')", "JWT_SECRET"),
        ("a.py", "s = os.environ.get('JWT_SECRET') or '‹T›'", "JWT_SECRET"),
        ("a.py", "s = config('JWT_SECRET', default='‹T›')", "JWT_SECRET"),
        ("a.py", "jwt_secret: str = Field(default=\"‹T›\")", "jwt_secret"),
        ("a.py", "jwt_secret: str = Field(\"‹T›\", env=\"X\")", "jwt_secret"),
        ("a.rb", "ENV.fetch('JWT_SECRET', '‹T›')", "JWT_SECRET"),
        ("a.rb", "ENV.fetch('JWT_SECRET') { '‹T›' }", "JWT_SECRET"),
        ("a.rb", "ENV['JWT_SECRET'] || '‹T›'", "JWT_SECRET"),
        ("a.php", "env('JWT_SECRET', '‹T›')", "JWT_SECRET"),
        ("a.php", "getenv('JWT_SECRET') ?: '‹T›'", "JWT_SECRET"),
        ("A.java", "@Value(\"${jwt.secret:‹T›}\")", "*"),
        ("A.kt", "System.getenv(\"JWT_SECRET\") ?: \"‹T›\"", "JWT_SECRET"),
        ("a.go", "getEnv(\"JWT_SECRET\", \"‹T›\")", "JWT_SECRET"),
        ("a.go", "viper.SetDefault(\"jwt.secret\", \"‹T›\")", "*"),
        ("a.rs", "std::env::var(\"JWT_SECRET\").unwrap_or_else(|_| \"‹T›\".into())", "JWT_SECRET"),
        ("A.cs", "Configuration[\"Jwt:SecretKey\"] ?? \"‹T›\"", "*"),
    ]);
}

#[test]
fn databases_and_addresses() {
    each_is_found(&[
        ("a.sql", "CREATE ROLE app LOGIN PASSWORD '‹P›';", "PASSWORD"),
        ("a.sql", "alter user app with password '‹P›';", "password"),
        ("a.sql", "CREATE USER 'app'@'%' IDENTIFIED BY '‹P›';", "*"),
        ("a.sql", "INSERT INTO users (email, password, role) VALUES ('a@b.co', '‹P›', 'x');", "password"),
        (
            "a.sql",
            "insert into public.users(id, email, password)\nvalues\n  (1, 'a@b.co', '‹P›');",
            "password",
        ),
        ("a.sql", "insert into settings (api_key) values ('‹T›');", "api_key"),
        ("a.sql", "values (crypt('‹P›', gen_salt('bf')))", "*"),
        ("a.sql", "ALTER DATABASE app SET \"app.jwt_secret\" TO '‹T›';", "*"),
        ("a.sql", "select set_config('app.jwt_secret', '‹T›', false);", "*"),
        ("a.sql", "headers := '{\"Authorization\": \"Bearer ‹T›\"}'::jsonb", "*"),
        ("a.sql", "headers := jsonb_build_object('x-api-key', '‹T›')", "x-api-key"),
        ("a.sql", "select vault.create_secret('‹T›', 'my_key');", "*"),
        ("a.ts", "const url = \"postgres://app:‹P›@db.acme.io:5432/app\";", "*"),
        (".env", "DATABASE_URL=mysql://app:‹T›@db.acme.io/app\n", "*"),
        (".env", "REDIS_URL=redis://:‹T›@cache.acme.io:6379\n", "*"),
        (".env", "AMQP_URL=amqps://app:‹T›@mq.acme.io/app\n", "*"),
        (".env", "SMTP_URL=smtps://app%40acme.io:‹T›@smtp.acme.io:465\n", "*"),
        (".env", "PROXY=http://app:‹T›@proxy.acme.io:8080\n", "*"),
        ("a.properties", "url=jdbc:postgresql://db.acme.io/app?user=app&password=‹T›\n", "password"),
        ("a.sh", "git clone https://ana:‹T›@git.acme.io/x.git\n", "*"),
    ]);
}

#[test]
fn texts_for_people() {
    each_is_found(&[
        ("docs/setup.md", "Set `API_TOKEN=‹T›` first.\n", "API_TOKEN"),
        ("docs/setup.md", "```\nAPI_TOKEN=‹T›\n```\n", "API_TOKEN"),
        ("docs/setup.md", "- **Password**: `‹P›`\n", "Password"),
        ("docs/setup.md", "Password: ‹P›\n", "Password"),
        ("docs/setup.md", "The password is `‹P›`.\n", "password"),
        ("docs/setup.md", "| Password | `‹P›` |\n", "Password"),
        ("README.md", "Login with admin password: `‹P›`\n", "password"),
        ("docs/setup.md", "curl -H \"Authorization: Bearer ‹T›\" https://api.acme.io\n", "*"),
    ]);
}
