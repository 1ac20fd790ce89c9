//! Values worked out by hand from Terraform's and the providers' documentation.

use crate::facts::kinds::{Answer, BucketUse, CloudResource, Environment};
use crate::facts::testing::facts;

fn resources(files: &[(&str, &str)]) -> Vec<CloudResource> {
    facts(files).cloud_resources
}

fn database(attributes: &str) -> String {
    format!("resource \"aws_db_instance\" \"main\" {{\n  engine = \"postgres\"\n{attributes}\n}}\n")
}

#[test]
fn defaults_of_the_provider_hold_where_nothing_is_said() {
    let [db] = resources(&[("main.tf", &database(""))]).try_into().unwrap();
    assert_eq!((db.engine.as_str(), db.line, db.environment), ("postgres", 1, Environment::Unknown));
    assert_eq!((db.backed_up, db.backup_days, db.point_in_time), (Answer::No, 0, Answer::No));
    assert_eq!((db.deletion_protected, db.skips_final_snapshot), (Answer::No, Answer::No));
    assert_eq!((db.publicly_reachable, db.multi_zone, db.encrypted), (Answer::No, Answer::No, Answer::No));
    let google = "resource \"google_sql_database_instance\" \"main\" {\n  database_version = \"POSTGRES_16\"\n  settings {\n    tier = \"x\"\n  }\n}\n";
    let [db] = resources(&[("main.tf", google)]).try_into().unwrap();
    assert_eq!((db.backed_up, db.deletion_protected, db.multi_zone), (Answer::No, Answer::Yes, Answer::No));
    assert_eq!((db.publicly_reachable, db.skips_final_snapshot), (Answer::Partial, Answer::Na));
    let digitalocean =
        "resource \"digitalocean_database_cluster\" \"main\" {\n  engine = \"pg\"\n  node_count = 1\n}\n";
    let [db] = resources(&[("main.tf", digitalocean)]).try_into().unwrap();
    assert_eq!((db.engine.as_str(), db.backed_up, db.backup_days), ("postgres", Answer::Yes, 7));
    assert_eq!(db.publicly_reachable, Answer::Yes);
}

/// The days that backups are kept, or why they can't be told.
fn days(files: &[(&str, &str)]) -> Result<u32, String> {
    let found = resources(files).into_iter().find(|r| r.type_name == "aws_db_instance").unwrap();
    match found.backed_up {
        Answer::Unknown => Err(found.unknowns.iter().find(|u| u.cell == "backed_up").unwrap().reason.clone()),
        _ => Ok(found.backup_days),
    }
}

#[test]
fn variables_and_locals() {
    let main = database("  backup_retention_period = var.days");
    let plain = "variable \"days\" {\n  type = number\n}\n";
    let seven = "variable \"days\" {\n  default = 7\n}\n";
    assert_eq!(days(&[("main.tf", &main)]), Err("`var.days` has no value in the repository".to_owned()));
    assert_eq!(days(&[("main.tf", &main), ("variables.tf", seven)]), Ok(7));
    assert_eq!(
        days(&[("main.tf", &main), ("variables.tf", seven), ("terraform.tfvars", "days = 9\n")]),
        Ok(9)
    );
    assert_eq!(
        days(&[
            ("main.tf", &main),
            ("variables.tf", seven),
            ("dev.tfvars", "days = 1\n"),
            ("env/prod.tfvars", "days = 30\n")
        ]),
        Ok(30),
        "production is what is judged"
    );
    assert_eq!(
        days(&[
            ("main.tf", &main),
            ("variables.tf", plain),
            ("eu.tfvars", "days = 1\n"),
            ("us.tfvars", "days = 30\n")
        ]),
        Err("several files give `var.days` different values".to_owned())
    );
    let local = database("  backup_retention_period = local.backup.days");
    assert_eq!(
        days(&[("main.tf", &local), ("locals.tf", "locals {\n  backup = { days = 14 }\n}\n")]),
        Ok(14)
    );
    let circle = "locals {\n  backup = local.other\n  other = local.backup\n}\n";
    assert!(days(&[("main.tf", &local), ("locals.tf", circle)]).is_err());
}

#[test]
fn conditions() {
    let main = |value: &str| database(&format!("  backup_retention_period = {value}"));
    let default_dev = "variable \"environment\" {\n  default = \"dev\"\n}\nvariable \"on\" {}\n";
    let told = |value: &str, folder: &str| {
        let (file, variables) = (format!("{folder}main.tf"), format!("{folder}variables.tf"));
        days(&[(&file, &main(value)), (&variables, default_dev)])
    };
    assert_eq!(told("var.environment == \"production\" ? 30 : 1", ""), Ok(30));
    assert_eq!(told("var.environment != \"prod\" ? 1 : 30", ""), Ok(30));
    assert_eq!(told("lower(var.environment) == \"prod\" ? 30 : 1", "stacks/dev/"), Ok(1));
    assert_eq!(told("var.on ? 7 : 7", ""), Ok(7));
    assert_eq!(told("var.on ? 7 : 0", ""), Err("a condition decides that can't be told".to_owned()));
    assert_eq!(told("tonumber(\"5\")", ""), Ok(5));
    assert_eq!(told("min(5, 7)", ""), Err("it is computed".to_owned()));
}

#[test]
fn a_module_gets_its_values_from_whoever_calls_it() {
    let module = format!(
        "variable \"days\" {{\n  default = 1\n}}\n{}",
        database("  backup_retention_period = var.days")
    );
    let call = |days: &str| format!("module \"db\" {{\n  source = \"../../modules/db\"\n{days}\n}}\n");
    let (thirty, two) = (call("  days = 30"), call("  days = 2"));
    let with = |files: &[(&str, &str)]| {
        let mut all = vec![("modules/db/main.tf", module.as_str())];
        all.extend(files);
        resources(&all).into_iter().map(|r| (r.backup_days, r.environment)).collect::<Vec<_>>()
    };
    assert_eq!(
        with(&[("stacks/prod/main.tf", &thirty), ("stacks/dev/main.tf", &two)]),
        [(30, Environment::Production)]
    );
    assert_eq!(with(&[("stacks/dev/main.tf", &two)]), [(2, Environment::Development)]);
    assert_eq!(with(&[("stacks/prod/main.tf", &call(""))]), [(1, Environment::Production)]);
    assert_eq!(with(&[]), [], "nobody builds it");
    let registry = "module \"db\" {\n  source = \"terraform-aws-modules/rds/aws\"\n  engine = \"mysql\"\n  backup_retention_period = 3\n}\n";
    let [db] = resources(&[("main.tf", registry)]).try_into().unwrap();
    assert_eq!((db.type_name.as_str(), db.engine.as_str(), db.backup_days), ("aws_db_instance", "mysql", 3));
}

#[test]
fn what_is_not_created_is_no_fact() {
    assert!(resources(&[("main.tf", &database("  count = 0"))]).is_empty());
    assert!(resources(&[("examples/full/main.tf", &database(""))]).is_empty());
}

fn group(rule: &str) -> CloudResource {
    let text = format!("resource \"aws_security_group\" \"web\" {{\n  ingress {{\n{rule}\n  }}\n}}\n");
    resources(&[("main.tf", &text)]).remove(0)
}

#[test]
fn firewalls() {
    let open = |from: u32, to: u32| {
        let found = group(&format!(
            "    from_port = {from}\n    to_port = {to}\n    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]"
        ));
        let port = &found.open_ports[0];
        (port.service.clone(), port.group.clone(), port.line, found.publicly_reachable)
    };
    let told = |service: &str, group: &str, answer| (service.to_owned(), group.to_owned(), 6, answer);
    assert_eq!(open(443, 443), told("https", "web", Answer::No));
    assert_eq!(open(22, 22), told("ssh", "administration", Answer::Yes));
    assert_eq!(open(5432, 5433), told("postgres", "database", Answer::Yes));
    assert_eq!(open(0, 65_535), told("everything", "everything", Answer::Yes));
    assert_eq!(open(3000, 3000), told("", "", Answer::No));
    let inside = group(
        "    from_port = 0\n    to_port = 0\n    protocol = \"-1\"\n    cidr_blocks = [aws_vpc.main.cidr_block]",
    );
    assert_eq!((inside.open_ports.len(), inside.publicly_reachable), (0, Answer::No));
    let untold =
        group("    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = var.office");
    assert_eq!(untold.publicly_reachable, Answer::Unknown);
    let google = "resource \"google_compute_firewall\" \"a\" {\n  source_ranges = [\"0.0.0.0/0\"]\n  allow {\n    protocol = \"tcp\"\n    ports = [\"80\", \"3306\"]\n  }\n}\n";
    let [found] = resources(&[("main.tf", google)]).try_into().unwrap();
    assert_eq!(found.open_ports.iter().map(|p| p.from).collect::<Vec<_>>(), [80, 3306]);
}

#[test]
fn addresses_that_may_connect_to_atlas() {
    let list = |cidr: &str| {
        let text = format!(
            "resource \"mongodbatlas_project_ip_access_list\" \"a\" {{\n  project_id = \"p\"\n  cidr_block = \"{cidr}\"\n}}\n"
        );
        let [found] = resources(&[("main.tf", &text)]).try_into().unwrap();
        let ports: Vec<String> = found.open_ports.iter().map(|port| port.group.clone()).collect();
        (ports, found.open_ports.first().map_or(0, |port| port.line))
    };
    assert_eq!(list("0.0.0.0/0"), (vec!["database".to_owned()], 3));
    assert_eq!(list("203.0.113.7/32"), (Vec::new(), 0));
}

#[test]
fn buckets() {
    let bucket = |rest: &str| {
        let text = format!("resource \"aws_s3_bucket\" \"files\" {{\n  bucket = \"acme-files\"\n}}\n{rest}");
        resources(&[("main.tf", &text)]).into_iter().find(|r| r.type_name == "aws_s3_bucket").unwrap()
    };
    let plain = bucket("");
    assert_eq!(
        (plain.versioned, plain.publicly_reachable, plain.holds),
        (Answer::No, Answer::No, BucketUse::Uploads)
    );
    let versioned = "resource \"aws_s3_bucket_versioning\" \"files\" {\n  bucket = aws_s3_bucket.files.id\n  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n";
    assert_eq!(bucket(versioned).versioned, Answer::Yes);
    let other = versioned.replace("aws_s3_bucket.files.id", "var.bucket");
    assert_eq!(bucket(&other).versioned, Answer::Unknown);
    let acl = "resource \"aws_s3_bucket_acl\" \"files\" {\n  bucket = aws_s3_bucket.files.id\n  acl = \"public-read\"\n}\n";
    assert_eq!(bucket(acl).publicly_reachable, Answer::Yes);
    let blocked = format!(
        "{acl}resource \"aws_s3_bucket_public_access_block\" \"files\" {{\n  bucket = aws_s3_bucket.files.id\n  ignore_public_acls = true\n}}\n"
    );
    assert_eq!(bucket(&blocked).publicly_reachable, Answer::No);
    let policy = "resource \"aws_s3_bucket_policy\" \"files\" {\n  bucket = aws_s3_bucket.files.id\n  policy = <<EOT\n{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"${aws_s3_bucket.files.arn}/*\"}]}\nEOT\n}\n";
    assert_eq!(bucket(policy).publicly_reachable, Answer::Yes);
    let website = format!(
        "{policy}resource \"aws_s3_bucket_website_configuration\" \"files\" {{\n  bucket = aws_s3_bucket.files.id\n}}\n"
    );
    assert_eq!(bucket(&website).publicly_reachable, Answer::Partial, "a website is public on purpose");
}

#[test]
fn state() {
    let told = |files: &[(&str, &str)]| {
        let all = resources(files);
        all.into_iter()
            .filter(|r| r.type_name == "terraform_backend")
            .map(|r| (r.file, r.remote))
            .collect::<Vec<_>>()
    };
    let provider = "provider \"aws\" {}\nresource \"aws_sqs_queue\" \"a\" {}\n";
    let remote = format!("terraform {{\n  backend \"s3\" {{}}\n}}\n{provider}");
    assert_eq!(told(&[("infra/main.tf", provider)]), [("infra/main.tf".to_owned(), Answer::No)]);
    assert_eq!(told(&[("infra/main.tf", &remote)]), [("infra/main.tf".to_owned(), Answer::Yes)]);
    assert_eq!(
        told(&[("infra/main.tf", provider), ("infra/terragrunt.hcl", "")]),
        [("infra/main.tf".to_owned(), Answer::Unknown)]
    );
    assert_eq!(told(&[("infra/modules/a/main.tf", "resource \"aws_sqs_queue\" \"a\" {}\n")]), []);
}

#[test]
fn pulumi_is_turned_into_the_same_facts() {
    let program = "name: shop\nruntime: yaml\nconfig:\n  days:\n    type: integer\n    default: 1\nresources:\n  db:\n    type: aws:rds:Instance\n    properties:\n      engine: postgres\n      backupRetentionPeriod: ${days}\n      deletionProtection: true\n  files:\n    type: aws:s3:BucketV2\n  versions:\n    type: aws:s3:BucketVersioningV2\n    properties:\n      bucket: ${files.id}\n      versioningConfiguration:\n        status: Enabled\n";
    let stack = "config:\n  shop:days: 21\n";
    let [db, files] =
        resources(&[("Pulumi.yaml", program), ("Pulumi.production.yaml", stack)]).try_into().unwrap();
    assert_eq!((db.tool.as_str(), db.type_name.as_str(), db.line), ("pulumi", "aws_db_instance", 8));
    assert_eq!((db.backup_days, db.deletion_protected), (21, Answer::Yes));
    assert_eq!((files.type_name.as_str(), files.versioned), ("aws_s3_bucket", Answer::Yes));
    assert!(resources(&[("Pulumi.yaml", "name: a\nruntime: nodejs\n")]).is_empty());
}

#[test]
fn a_database_of_the_cloud_is_one_of_the_product() {
    let kept = database("  backup_retention_period = 7");
    let databases = facts(&[("main.tf", &kept)]).databases;
    assert_eq!(
        (databases[0].name.as_str(), databases[0].backed_up),
        ("the PostgreSQL database at AWS", Answer::Yes)
    );
    let none = facts(&[("main.tf", &database(""))]);
    assert_eq!(none.databases[0].backed_up, Answer::No);
    assert!(none.backups.is_empty(), "one flaw is one finding");
    let plan = "resource \"aws_backup_plan\" \"all\" {}\n";
    assert_eq!(facts(&[("main.tf", &database("")), ("plan.tf", plan)]).databases[0].backed_up, Answer::Yes);
    assert!(facts(&[("stacks/dev/main.tf", &database(""))]).databases.is_empty());
}

#[test]
fn many_resources_that_name_each_other_take_no_time() {
    let mut text = String::new();
    for i in 0..8_000 {
        text.push_str(&format!("resource \"aws_s3_bucket\" \"b{i}\" {{\n  bucket = local.n{i}\n}}\n"));
    }
    for i in 0..8_000 {
        text.push_str(&format!(
            "resource \"aws_s3_bucket_acl\" \"a{i}\" {{\n  bucket = aws_s3_bucket.b0.id\n}}\n"
        ));
    }
    let mut locals = "locals {\n".to_owned();
    for i in 0..8_000 {
        locals.push_str(&format!("  n{i} = var.x ? local.n{} : local.n{}\n", i + 1, i + 2));
    }
    locals.push_str("}\n");
    let started = std::time::Instant::now();
    let (first, second) = text.split_at(text.find("resource \"aws_s3_bucket_acl\"").unwrap());
    let found = resources(&[("a.tf", first), ("b.tf", second), ("locals.tf", &locals)]);
    assert_eq!(found.len(), 8_000);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
