//! What is no secret though it looks like one, what is weak, and where windows end.

use super::super::super::model::{Audience, Class, Searched};
use super::super::find;
use super::{drawn, filled, found, hex, none_is_a_secret};

#[test]
fn what_names_a_value_is_none() {
    none_is_a_secret(&[
        ("a.ts", "const apiKey = process.env.API_KEY ?? \"\";"),
        ("a.ts", "const secret = requireEnv(\"STRIPE_WEBHOOK_SECRET\");"),
        ("a.ts", "const token = await getToken(\"internal-service-token\");"),
        ("a.ts", "const { password } = req.body;"),
        ("a.ts", "password: string; apiKey?: string | null;"),
        ("a.ts", "token: session.accessToken,"),
        ("a.ts", "const secret = `${prefix}-${id}-secret-value`;"),
        ("a.ts", "localStorage.getItem(\"access_token\")"),
        ("a.ts", "localStorage.setItem('token', response.data.token)"),
        ("a.ts", "const TOKEN_KEY = 'acme_access_token';"),
        ("a.ts", "password: 'Password must be at least 8 characters',"),
        ("a.ts", "passwordLabel: 'Neues Passwort'"),
        ("a.ts", "type: 'password', name: 'password', autoComplete: 'current-password'"),
        ("a.tsx", "<label htmlFor=\"password\">Password</label>"),
        ("a.tsx", "<Input type=\"password\" id=\"new-password\" placeholder=\"••••••••\" />"),
        ("a.tsx", "<Trans i18nKey=\"auth.forgotPassword\">Forgot your password?</Trans>"),
        ("a.ts", "import { token } from \"../lib/token-Provider9a8b7c6d\";"),
        ("a.ts", "case 'password': return PasswordInput;"),
        ("a.ts", "export const keybinding = { key: \"ctrl+shift+down\" };"),
        ("a.ts", "const cacheKey = `user:${userId}:session-token`;"),
        ("a.ts", "queryKey: ['users', 'list', id]"),
        ("a.ts", "if (authMethod === 'password') login();"),
        ("a.ts", "if (error.code === 'auth/wrong-password') show();"),
        ("a.ts", "const passwordRegex = /^(?=.*[a-z])(?=.*[A-Z]).{8,}$/;"),
        ("a.ts", "password: '/^(?=.*[a-z]).{8,}$/'"),
        ("a.ts", "const contentHash = \"‹H›\";"),
        ("a.ts", "const requestKey = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';"),
        ("a.ts", "secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app-AbCdEf'"),
        ("a.ts", "const clientSecret = paymentIntent.client_secret;"),
        ("a.py", "password = getpass.getpass()"),
        ("a.py", "password = request.form['password']"),
        ("a.py", "token = credentials.credentials"),
        ("a.py", "parser.add_argument('--password', help='The password of the user')"),
        ("a.py", "hashed_password = Column(String(255), nullable=False)"),
        ("a.py", "def login(user='', password='', token=None):"),
        ("a.go", "Password string `json:\"password\" validate:\"required\"`"),
        ("a.yml", "password: ${{ secrets.DB_PASSWORD }}"),
        ("a.yml", "password: {{ .Values.db.password }}"),
        ("a.yml", "password: !Ref DbPassword"),
        ("a.yml", "secretName: app-tls-secret-v2"),
        ("a.yml", "secretKeyRef:\n  name: app-secrets\n  key: api-token"),
        ("a.yml", "uses: actions/create-github-app-token@‹H›"),
        ("main.tf", "password = var.db_password"),
        ("main.tf", "password = random_password.db.result"),
        ("main.tf", "secret_key = data.vault_generic_secret.x.data[\"key\"]"),
        ("locales/en.json", "{\"password\": \"Password\", \"token\": \"Invalid or expired token\"}"),
        ("locales/de/auth.json", "{\"password\": \"Passwort12!\"}"),
        ("src/i18n/ja.json", "{\"password\": \"パスワードが一致しません。\"}"),
        ("a.md", "Your password is \"required\"."),
        ("a.md", "| Auth | ✅ PASS | `src/pages/Login.tsx:29` |"),
        ("a.md", "the password first using the link"),
        ("schema.prisma", "  passwordHash String @map(\"password_hash\")"),
        ("a.sql", "create table api_keys (id uuid primary key, secret_hash text not null);"),
        (
            "a.sql",
            "INSERT INTO users (email, password_hash) VALUES ('a@b.co', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy');",
        ),
        ("a.ts", "const seedHash = \"$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy\";"),
        ("a.ts", "fetch(`https://api.acme.io/v1?token=${token}`)"),
        ("a.ts", "const u = 'http://localhost:3000/@scope/x';"),
        ("a.ts", "const scope = { apiKey: 'api_v2:apiKey' };"),
        ("a.ts", "const mark = ok ? 'PASS' : 'FAIL';"),
        ("a.ts", "const names = { SECRET: 'Secret', TOKEN: 'Token' };"),
        ("a.go", "Secret: `[a-zA-Z0-9+/]{40,80}[|;].*`"),
        ("a.py", "SECRET = \"[s|S][e|E][c|C][r|R][e|E][t|T].{0,30}['\\\"\\\\s][0-9a-zA-Z]{32,45}\""),
        ("compose.yml", "ENCRYPTION_KEY: ${ENCRYPTION_KEY:-$(openssl rand -base64 32)}"),
        ("a.sh", "sed -i 's/^CRON_SECRET=.*/CRON_SECRET=$(cat x)/' .env"),
        ("cloud.yaml", "sudo: ALL=(ALL) NOPASSWD:ALL"),
        (
            "config/database.yml",
            "development:\n  host: localhost\n  username: postgres\n  password: postgres\n",
        ),
        ("a.c", "server->user = \"anonymous\";\nserver->password = \"busybox@\";"),
        ("data/share.json", "{\"share_token\": \"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"}"),
        ("a.ts", "const img = \"data:image/png;base64,‹T›‹T›\";"),
        ("package.json", "{\"gitHead\": \"‹H›\", \"integrity\": \"sha512-‹T›‹T›\"}"),
    ]);
}

#[test]
fn what_everybody_may_know() {
    none_is_a_secret(&[
        (".env", "NEXT_PUBLIC_MAP_TOKEN=‹T›\n"),
        (".env", "VITE_API_KEY=‹T›\n"),
        (".env", "SUPABASE_ANON_KEY=‹T›\n"),
        (".env", "VAPID_PUBLIC_KEY=‹T›\n"),
        ("a.ts", "const publishableKey = \"pk_live_‹T›\";"),
        ("a.ts", "const posthogKey = \"phc_‹T›\";"),
        ("a.ts", "const RECAPTCHA_SITE_KEY = \"6L‹T›\";"),
    ]);
    let (text, _) =
        filled("VITE_ADMIN_PASSWORD=‹P›\nNEXT_PUBLIC_SERVICE_ROLE_KEY=‹T›\nREACT_APP_CLIENT_SECRET=‹T›\n");
    assert_eq!(found(".env", &text).iter().filter(|found| found.2 == Audience::Secret).count(), 3);
}

#[test]
fn what_documents_show() {
    let example = ["Secure", "Pass", "123!"].concat();
    let one_time = ["JBSWY3DP", "EHPK3PXP"].concat();
    none_is_a_secret(&[
        ("docs/api.md", &format!("{{\"email\": \"a@acme.io\", \"password\": \"{example}\"}}")),
        ("AGENTS.md", &format!("const user = {{ password: 'New{example}' }};")),
        ("docs/webhooks/events.mdx", "```json\n{\"id\": 7, \"token\": \"‹T›\"}\n```"),
        ("CHANGELOG.md", "https://app.acme.io/sign-in?token=‹T›&email=user@example.com"),
        ("src/mfa.ts", &format!("const secretKey = '{one_time}';")),
        ("src/auth.ts", "const token = `jwt-token-header.eyJhY3RvciI6IngifQ.signature`;"),
        (
            "src/keys.ts",
            "const password = input || `temp_${Date.now()}_${Math.random().toString(36).substr(2, 9)}`;",
        ),
        (
            "src/keys.ts",
            "const rawSecret = `whsec_${Math.random().toString(36)}${Math.random().toString(36)}`;",
        ),
        ("Dockerfile", &format!("ENV GPG_KEY {}", hex(3, 40).to_uppercase())),
        ("src/attack.ts", "const tried = { passwd: '%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd' };"),
        ("src/a.ts", "const apiKey = 'abc123xyz789def456';"),
        (".pgpass", "localhost:5432:app:postgres:postgres\n"),
        (
            "docs/setup.mdx",
            "Replace it with this generated secret:\n\n```bash\nsed -i \"/A1:$/s/A1:.*/A1: $(openssl rand -hex 32)/\"\n```\n",
        ),
        ("src/a.ts", "const key = ofMail ? 'mailer_smtp_password' : 'mailer_smtp_user';"),
        ("src/mock.ts", "const appSecret = '‹T›';"),
        ("src/hash.ts", "const salt = setting?.value || 'default_salt';"),
        ("deploy/dev/docker-compose.yml", "  ENCRYPTION_KEY: dGVzdGtleWZvcnRlc3RpbmdhbmRub3RoaW5nZWxzZQ==\n"),
    ]);
    // What names somebody is no example, and neither is what stands in a setting.
    for (path, text) in [
        ("docs/admin.md", "Admin login: admin@acme.io, password: `Acme2025!`"),
        ("docs/setup.md", "API_TOKEN=‹T›"),
        (".pgpass", "db.acme.io:5432:app:app:Kq7zvRw2\n"),
    ] {
        let (text, _) = filled(text);
        assert!(found(path, &text).iter().any(|found| found.2 == Audience::Secret), "{path}: {text}");
    }
}

#[test]
fn what_stands_for_a_value() {
    none_is_a_secret(&[
        (
            ".env.example",
            "JWT_SECRET=change-me-in-production\nAPI_KEY=your-api-key-here\nDB_PASSWORD=S3cure!Passw0rd\n",
        ),
        (".env.sample", "API_KEY=<your-api-key>\nTOKEN=xxxxxxxxxxxxxxxxxxxx\nSECRET=********\n"),
        ("a.ts", "const apiKey = \"YOUR_API_KEY\";"),
        ("a.ts", "const apiKey = \"sk-...\";"),
        ("a.ts", "const apiKey = 'tu-clave-api-aqui';"),
        ("a.ts", "const apiKey = 'sua_chave_de_api_1234';"),
        ("a.ts", "const apiKey = 'votre-cle-api';"),
        ("a.ts", "const apiKey = 'dein-api-schluessel-hier';"),
        ("a.ts", "const apiKey = '你的API密钥';"),
        ("a.ts", "const apiKey = 'abcdef1234567890abcdef1234567890';"),
        ("a.ts", "const apiKey = '1234567890123456789012345678901234';"),
        ("a.ts", "const token = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6';"),
        ("a.ts", "const token = '00000000-0000-0000-0000-000000000000';"),
        ("src/auth.test.ts", "const token = 'test-token-1234567890'; const password = 'Passw0rd!Xq9';"),
        ("tests/test_login.py", "PASSWORD = '‹P›'; TOKEN = '‹T›'"),
        ("src/__tests__/a.ts", "const secret = '‹T›';"),
        ("fixtures/users.json", "{\"password\": \"‹P›\"}"),
        (
            "docker-compose.yml",
            "POSTGRES_PASSWORD: postgres\nDATABASE_URL: postgresql://postgres:postgres@db:5432/app\n",
        ),
        (".env", "DATABASE_URL=postgresql://user:password@localhost:5432/mydb\n"),
        (".env", "DATABASE_URL=postgresql://postgres:postgres@127.0.0.1:5432/app\n"),
        (".env", "REDIS_URL=redis://default:redis@redis:6379\n"),
        ("README.md", "DATABASE_URL=postgres://user:pass@host:5432/db\n"),
        ("docs/api.md", "curl -H \"Authorization: Bearer YOUR_API_KEY\" https://api.acme.com"),
    ]);
}

#[test]
fn weak_secrets_where_they_count() {
    let weak = |path: &str, text: &str| {
        found(path, text).iter().any(|found| found.3 && found.2 == Audience::Placeholder)
    };
    for (path, text) in [
        (".env", "NEXTAUTH_SECRET=secret\n"),
        (".env", "JWT_SECRET=supersecretkey\n"),
        ("src/auth.ts", "const s = process.env.JWT_SECRET || 'your-secret-key';"),
        ("src/auth.ts", "const s = process.env.SESSION_SECRET || 'keyboard cat';"),
        ("app.py", "app.config['SECRET_KEY'] = 'dev'"),
        ("settings.py", "SECRET_KEY = 'changeme'"),
        ("src/seed.ts", "{ email: 'admin@acme.io', password: 'admin123' }"),
        ("src/login.ts", "if (password === 'admin123') ok();"),
    ] {
        assert!(weak(path, text), "{path}: {text} {:?}", found(path, text));
    }
    for (path, text) in [
        (".env.example", "NEXTAUTH_SECRET=secret\n"),
        ("tests/auth.test.ts", "process.env.JWT_SECRET = 'secret';"),
        ("README.md", "JWT_SECRET=your-secret-key\n"),
        ("docker-compose.dev.yml", "JWT_SECRET: secret\n"),
        ("src/a.ts", "// JWT_SECRET=your-secret-key"),
        ("setup.sh", "echo \"JWT_SECRET=your-secret-key\""),
        ("src/a.ts", "clientSecret: 'dummy'"),
        (".env", "STRIPE_WEBHOOK_SECRET=your_webhook_secret\n"),
        ("src/a.ts", "const password = 'Password';"),
    ] {
        assert!(!weak(path, text), "{path}: {text} {:?}", found(path, text));
    }
}

#[test]
fn people_choose_passwords_that_are_secrets_all_the_same() {
    for (path, text) in [
        (".env", "JWT_SECRET=mySuperS3cretJwtKey!2025prod\n"),
        (".env", "ADMIN_PASSWORD=Tr0ub4dor&3xyz\n"),
        ("src/a.ts", "const adminPassword = 'Tr0ub4dor&3xyz';"),
        ("seed.sql", "insert into users(email,password) values ('admin@acme.com','S3cure!Passw0rd');"),
        (".vscode/sftp.json", "{\"host\": \"acme.io\", \"username\": \"root\", \"password\": \"swordfish\"}"),
    ] {
        assert_eq!(
            found(path, text).iter().filter(|found| found.2 == Audience::Secret).count(),
            1,
            "{path}: {text}"
        );
    }
}

#[test]
fn what_is_found_begins_in_a_window_or_belongs_to_one() {
    let (text, values) = filled("const a = 1;\nconst apiKey = \"‹T›\";\nconst b = 2;\n");
    let at = text.find(&values[0]).unwrap();
    let mut out = Vec::new();
    let windows = [at..at + 8];
    find(
        &Searched { path: "a.ts", bytes: text.as_bytes(), class: Class::Whole, windows: Some(&windows) },
        &mut out,
    );
    assert_eq!(out.len(), 1);
}

#[test]
fn a_value_may_reach_beyond_the_window_that_its_name_stands_in() {
    let text = format!("API_SECRET={}\nTOKEN={}\n", drawn(41, 40), drawn(42, 40));
    let mut out = Vec::new();
    let windows = [0..14, 16..20];
    let searched =
        Searched { path: "a.env", bytes: text.as_bytes(), class: Class::Whole, windows: Some(&windows) };
    find(&searched, &mut out);
    assert_eq!(out.len(), 1);
}

#[test]
fn a_password_that_is_hashed_where_it_stands() {
    for text in [
        "User(password_hash=hasher.hash(\"‹P›\"), role=\"admin\")\n",
        "user = { passwordHash: await this.passwords.hash('‹P›', 10) }\n",
        "hashed_password = BCrypt::Password.create(\"‹P›\")\n",
        "user.password = argon.hashPassword(\"‹P›\")\n",
    ] {
        let found = found("src/a.py", &filled(text).0);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].2, Audience::Secret, "{text}");
    }
    for text in [
        "password_hash = \"‹P›\"\n",
        "password_hash == hasher.hash(\"‹P›\")\n",
        "password_hash = crypto.hash(\"sha256-base64\", password)\n",
        "passwordHash: hasher.hash(password)\n",
    ] {
        assert_eq!(found("src/a.py", &filled(text).0), [], "{text}");
    }
}

#[test]
fn words_of_a_list_are_no_values_of_each_other() {
    for (path, text) in [
        ("src/a.rs", "const WORDS: &[&str] = &[\"pass\", \"pwd\", \"secret\", \"session\", \"token\"];\n"),
        ("src/a.ts", "if (['configMap', 'secret', 'projected', 'volume'].includes(kind)) {}\n"),
        (
            "src/a.rs",
            "&[\n    b\"crypt(\",\n    b\"secret\",\n    b\"jwt.sign(\",\n    b\"password\",\n    b\"letmein\",\n]",
        ),
        ("src/a.py", "CALLS = [\"jwt.sign(\", \"secret\", \"jwt.verify(\", \"secret\"]\n"),
        ("src/a.rs", "/// The second argument: `jwt.sign(payload, \"secret\")`.\n"),
        ("src/a.sql", "-- crypt('letmein', gen_salt('bf'))\n"),
    ] {
        assert_eq!(found(path, text), [], "{text}");
    }
    // Pairs, arguments, and a value among words.
    let weak =
        |text: &str| found("src/a.py", text).iter().any(|found| found.2 == Audience::Secret || found.3);
    assert!(weak("os.environ.get(\"JWT_SECRET\", \"secret\")\n"));
    assert!(weak(&filled("run([\"tool\", \"-v\", \"login\", \"password\", \"‹P›\"])\n").0));
    assert!(weak("jwt.sign(payload, \"secret\")\n"));
}
