//! What rules come to, checked by hand against the documentation of the rules language.

use super::rules::{Operation, Service};
use super::{Verdict, Who, judge, realtime, rules};

/// The rules of a Firestore with this in it, judged: path, operations and who may, one line for each statement.
fn firestore(inside: &str) -> Vec<String> {
    let text = format!(
        "rules_version = '2';\nservice cloud.firestore {{\n match /databases/{{database}}/documents {{\n{inside}\n }}\n}}\n"
    );
    let all = rules::parse(&text).expect("rules");
    all.iter().flat_map(|one| shown(one, &judge(one))).collect()
}

fn shown(rules: &super::Rules, verdicts: &[Verdict]) -> Vec<String> {
    let line = |(statement, verdict): (&super::Statement, &Verdict)| {
        let who: Vec<String> = verdict.who.iter().map(|(op, who)| format!("{op:?}:{who:?}")).collect();
        let mut line = format!("{} {}", statement.path, who.join(" "));
        for (name, field) in [
            ("forges", &verdict.forges),
            ("takes", &verdict.takes_over),
            ("gives", &verdict.gives_away),
            ("until", &verdict.until),
        ] {
            if !field.is_empty() {
                line.push_str(&format!(" {name}={field}"));
            }
        }
        for field in verdict.promotes.keys() {
            line.push_str(&format!(" promotes={field}"));
        }
        for other in &verdict.defeats {
            line.push_str(&format!(" defeats={}", rules.statements[*other].path));
        }
        line
    };
    rules.statements.iter().zip(verdicts).map(line).collect()
}

/// Who may read a document by a condition.
fn reader(condition: &str) -> Who {
    who(condition, "get", Operation::Get)
}

fn who(condition: &str, allow: &str, operation: Operation) -> Who {
    let text = format!(
        "service cloud.firestore {{ match /databases/{{d}}/documents {{ match /things/{{id}} {{ allow {allow}: if {condition}; }} }} }}"
    );
    let all = rules::parse(&text).expect("rules");
    judge(&all[0])[0].who[&operation]
}

#[test]
fn who_may_read() {
    for (condition, wanted) in [
        ("true", Who::Public),
        ("1 == 1", Who::Public),
        ("request.auth == null", Who::Public),
        ("false", Who::Nobody),
        ("!true", Who::Nobody),
        ("request.auth != null", Who::SignedIn),
        ("request.auth.uid != null && request.auth.token.email_verified", Who::SignedIn),
        ("!(request.auth == null)", Who::SignedIn),
        ("request.auth != null || true", Who::Public),
        ("request.auth.uid == id", Who::Owner),
        ("id == request.auth.uid", Who::Owner),
        ("request.auth.uid != id", Who::SignedIn),
        ("resource.data.owner == request.auth.uid", Who::Owner),
        ("resource.data['owner'] == request.auth.uid", Who::Owner),
        ("resource.data.get('owner', '') == request.auth.uid", Who::Owner),
        ("request.auth.uid in resource.data.members", Who::Member),
        ("resource.data.roles[request.auth.uid] == 'editor'", Who::Member),
        ("resource.data.roles[request.auth.uid] in ['editor', 'owner']", Who::Member),
        ("exists(/databases/$(d)/documents/things/$(id)/members/$(request.auth.uid))", Who::Member),
        ("request.auth.token.org == id", Who::Member),
        ("request.auth.token.admin == true", Who::Role),
        ("request.auth.token.admin", Who::Role),
        ("request.auth.token.role in ['admin', 'staff']", Who::Role),
        ("!request.auth.token.blocked", Who::SignedIn),
        ("get(/databases/$(d)/documents/staff/$(request.auth.uid)).data.role == 'admin'", Who::Role),
        ("'admin' in get(/databases/$(d)/documents/staff/$(request.auth.uid)).data.roles", Who::Role),
        ("exists(/databases/$(d)/documents/admins/$(request.auth.uid))", Who::Role),
        ("request.auth.uid == 'abc'", Who::Person),
        ("request.auth.token.email in ['a@acme.test', 'b@acme.test']", Who::Person),
        ("request.auth.token.email.matches('.*@acme[.]test')", Who::Role),
        ("resource.data.published == true", Who::Flagged),
        ("resource.data.published == true || resource.data.owner == request.auth.uid", Who::Flagged),
        (
            "request.auth != null && (resource.data.owner == request.auth.uid || request.auth.token.admin == true)",
            Who::Owner,
        ),
        ("request.auth != null ? resource.data.owner == request.auth.uid : false", Who::Owner),
        ("request.time < timestamp.date(2026, 3, 1)", Who::Timed),
        ("request.auth != null && request.time < timestamp.date(2026, 3, 1)", Who::SignedIn),
        ("request.query.limit <= 50", Who::Public),
        ("notDefined(id)", Who::Unknown),
        ("request.auth != null && notDefined(id)", Who::Unknown),
        ("request.auth.uid == id && notDefined(id)", Who::Owner),
        // There is nothing that is being written: it fails, whichever way it is asked.
        ("request.resource.data.title is string", Who::Nobody),
        ("!(request.resource.data.title is string)", Who::Nobody),
    ] {
        assert_eq!(reader(condition), wanted, "{condition}");
    }
}

#[test]
fn who_may_write() {
    let create = |condition| who(condition, "write", Operation::Create);
    let update = |condition| who(condition, "write", Operation::Update);
    let delete = |condition| who(condition, "write", Operation::Delete);
    // Nothing is there yet, so that it is nobody's.
    let old = "resource.data.owner == request.auth.uid";
    assert_eq!((create(old), update(old), delete(old)), (Who::Nobody, Who::Owner, Who::Owner));
    // Whoever writes their own id gets past.
    let new = "request.resource.data.owner == request.auth.uid";
    assert_eq!((create(new), update(new), delete(new)), (Who::Owner, Who::SignedIn, Who::Nobody));
    let still = "request.resource.data.owner == request.auth.uid && request.resource.data.owner == resource.data.owner";
    assert_eq!((create(still), update(still)), (Who::Nobody, Who::Owner));
    let checked = "request.resource.data.title is string && request.resource.data.keys().hasOnly(['title'])";
    assert_eq!((create(checked), update(checked), delete(checked)), (Who::Public, Who::Public, Who::Nobody));
    let either = "resource == null || resource.data.owner == request.auth.uid";
    assert_eq!((create(either), update(either)), (Who::Public, Who::Owner));
    assert_eq!(
        update("resource.data.status == 'open'"),
        Who::Public,
        "whoever likes may change what is open"
    );
}

#[test]
fn functions_and_their_values_are_put_in() {
    let told = firestore(
        "function signedIn() { return request.auth != null; }
         match /teams/{team} {
           function isOwner(id) { let uid = request.auth.uid; return signedIn() && uid == id; }
           allow read: if isOwner(team);
           match /notes/{note} { allow read, write: if isOwner(resource.data.by); }
         }
         function again(x) { return again(x); }
         match /loops/{x} { allow read: if again(x); }",
    );
    assert_eq!(
        told,
        [
            "/teams/{team} Get:Owner List:Owner",
            "/teams/{team}/notes/{note} Get:Owner List:Owner Create:Nobody Update:Owner Delete:Owner gives=by",
            "/loops/{x} Get:Unknown List:Unknown",
        ]
    );
}

#[test]
fn a_wide_rule_defeats_careful_ones_that_it_covers() {
    let told = firestore(
        "match /users/{id} { allow read, write: if request.auth.uid == id; }
         match /open/{id} { allow read: if true; }
         match /{all=**} { allow read: if request.auth != null; }
         match /{path=**}/notes/{note} { allow read: if true; }
         match /teams/{team}/notes/{note} { allow read: if request.auth.uid == note; allow write: if false; }",
    );
    assert_eq!(
        told[2],
        "/{all=**} Get:SignedIn List:SignedIn defeats=/users/{id} defeats=/teams/{team}/notes/{note}"
    );
    assert_eq!(told[3], "/{path=**}/notes/{note} Get:Public List:Public defeats=/teams/{team}/notes/{note}");
}

#[test]
fn who_writes_what_rules_believe_promotes_themselves() {
    let admin = "match /bills/{b} { allow read: if get(/databases/$(database)/documents/users/$(request.auth.uid)).data.role == 'admin'; }";
    let own = |write: &str| {
        let told = firestore(&format!("{admin} match /users/{{id}} {{ {write} }}"));
        told[1..].join("; ").contains("promotes=role")
    };
    assert!(own("allow write: if request.auth.uid == id;"));
    assert!(own("allow create: if request.auth.uid == id;"));
    assert!(own("allow write: if request.auth != null;"));
    assert!(own(
        "allow create: if request.auth.uid == id && request.resource.data.role in ['customer', 'admin'];"
    ));
    assert!(!own("allow create: if request.auth.uid == id && request.resource.data.role == 'customer';"));
    assert!(!own("allow create: if request.auth.uid == id && !('role' in request.resource.data);"));
    assert!(!own(
        "allow update: if request.auth.uid == id && request.resource.data.role == resource.data.role;"
    ));
    assert!(!own(
        "allow update: if request.auth.uid == id && !request.resource.data.diff(resource.data).affectedKeys().hasAny(['role']);"
    ));
    assert!(!own(
        "allow update: if request.auth.uid == id && request.resource.data.diff(resource.data).affectedKeys().hasOnly(['name']);"
    ));
    assert!(own(
        "allow update: if request.auth.uid == id && (request.resource.data.name is string || request.resource.data.role == resource.data.role);"
    ));
    assert!(!own("allow write: if request.auth.token.admin == true;"));
}

#[test]
fn having_a_row_that_everybody_may_make_is_no_role() {
    let told = firestore(
        "match /users/{id} { allow write: if request.auth.uid == id; }
         match /posts/{p} { allow read: if exists(/databases/$(database)/documents/users/$(request.auth.uid)); }",
    );
    assert_eq!(told[1], "/posts/{p} Get:SignedIn List:SignedIn");
}

#[test]
fn rows_in_the_name_of_others() {
    let told = firestore(
        "match /posts/{p} {
           allow create: if request.auth != null;
           allow update: if resource.data.by == request.auth.uid && request.resource.data.by == resource.data.by;
         }
         match /notes/{n} { allow update: if request.resource.data.by == request.auth.uid; }",
    );
    assert_eq!(
        told,
        [
            "/posts/{p} Create:SignedIn forges=by",
            "/posts/{p} Update:Owner",
            "/notes/{n} Update:SignedIn takes=by",
        ]
    );
}

#[test]
fn rules_of_storage() {
    let text = "service firebase.storage { match /b/{bucket}/o {
        match /avatars/{uid}/{file=**} {
          allow read;
          allow write: if request.auth.uid == uid && request.resource.size < 5 * 1024 * 1024;
        }
        match /bills/{file} {
          allow read: if firestore.get(/databases/(default)/documents/users/$(request.auth.uid)).data.role == 'admin';
        }
    } }";
    let all = rules::parse(text).expect("rules");
    assert_eq!(all[0].service, Service::Storage);
    assert_eq!(
        shown(&all[0], &judge(&all[0])),
        [
            "/avatars/{uid}/{file=**} Get:Public List:Public",
            "/avatars/{uid}/{file=**} Create:Owner Update:Owner Delete:Nobody",
            "/bills/{file} Get:Role List:Role",
        ]
    );
}

#[test]
fn rules_of_the_realtime_database() {
    let text = r#"{
      // Comments are allowed.
      "rules": {
        ".read": "auth != null",
        "users": { "$uid": {
          ".read": "$uid === auth.uid",
          ".write": "auth.uid === $uid", /* their own */
          "name": { ".validate": "newData.isString()" } } },
        "posts": { "$post": {
          ".write": "!data.exists() || data.child('uid').val() === auth.uid" } },
        "admin": { ".write": "root.child('users/' + auth.uid + '/role').val() === 'admin'" },
        "trial": { ".write": "now < 1772323200000" },
        "open": { ".write": true },
        "rooms": { "$room": {
          ".read": "data.child('members').child(auth.uid).exists()",
          ".write": "root.child('rooms').child($room).child('members').hasChild(auth.uid)" } }
      }
    }"#;
    let rules = realtime::parse(text).expect("rules");
    let told = shown(&rules, &judge(&rules));
    assert_eq!(
        told,
        [
            "/ Get:SignedIn List:SignedIn defeats=/users/$uid defeats=/rooms/$room",
            "/users/$uid Get:Owner List:Owner",
            "/users/$uid Create:Owner Update:Owner Delete:Owner promotes=role",
            "/posts/$post Create:Public Update:Owner Delete:Owner forges=uid gives=uid",
            "/admin Create:Role Update:Role Delete:Role",
            "/trial Create:Timed Update:Timed Delete:Timed until=2026-03-01",
            "/open Create:Public Update:Public Delete:Public",
            "/rooms/$room Get:Member List:Member",
            "/rooms/$room Create:Member Update:Member Delete:Member",
        ]
    );
    assert_eq!(rules.statements[1].line, 6);
}

#[test]
fn what_is_broken_says_where() {
    let broken = |text: &str| rules::parse(text).expect_err("broken").line;
    assert_eq!(broken("service cloud.firestore {\n match /a/{b} {\n  allow read: if (true;\n }\n}"), 3);
    assert_eq!(broken("service cloud.firestore {\n match /a {\n"), 2);
    assert_eq!(broken("\n\nhello"), 3);
    assert_eq!(
        realtime::parse("{\n \"rules\": {\n \".read\": \"auth != \"\n}}").expect_err("broken").line,
        3
    );
    assert_eq!(realtime::parse("{\"rules\": {\".read\": tru}}").expect_err("broken").line, 1);
}

#[test]
fn hostile_rules_end_in_an_error_or_in_unknown() {
    let wrapped = |condition: &str| {
        format!("service cloud.firestore {{ match /a/{{b}} {{ allow read: if {condition}; }} }}")
    };
    assert!(rules::parse(&wrapped(&"(".repeat(100_000))).is_err());
    assert!(rules::parse(&wrapped(&format!("{}true", "!".repeat(100_000)))).is_err());
    assert!(rules::parse(&wrapped(&format!("a{}", ".b".repeat(100_000)))).is_err());
    assert!(rules::parse(&format!("service cloud.firestore {{{}", "match /a {".repeat(100_000))).is_err());
    assert!(realtime::parse(&format!("{{\"rules\": {}", "{\"a\":".repeat(100_000))).is_err());
    // Ways past it: two to the power of sixty, if each was told apart.
    let many: Vec<String> = (0..60)
        .map(|i| {
            format!("(resource.data.a{i} == request.auth.uid || request.auth.uid in resource.data.b{i})")
        })
        .collect();
    let all = rules::parse(&wrapped(&many.join(" && "))).expect("rules");
    assert_eq!(judge(&all[0]).len(), 1);
    // Functions that double at each call.
    let mut functions = "function f0() { return request.auth != null; }".to_owned();
    for i in 1..40 {
        functions.push_str(&format!("function f{i}() {{ return f{}() && f{}(); }}", i - 1, i - 1));
    }
    let text =
        format!("service cloud.firestore {{ {functions} match /a/{{b}} {{ allow read: if f39(); }} }}");
    let all = rules::parse(&text).expect("rules");
    assert_eq!(judge(&all[0])[0].who[&Operation::Get], Who::Unknown);
}
