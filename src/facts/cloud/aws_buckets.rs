//! Buckets of S3. Since April 2023 a new bucket blocks public access and access lists unless something switches that
//! off (docs.aws.amazon.com/AmazonS3, "Default settings for new S3 buckets"); objects are encrypted since January 2023.

use super::maker::{Maker, Said, Words, blocks, said};
use super::policy::statements;
use super::stack::{At, Resource};
use super::uses::bucket_use;
use crate::facts::kinds::{Answer, BucketUse};

pub(super) fn bucket<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    m.fact.encrypted = Answer::Yes;
    let module = m.module;
    let companions = |kind: &'static str| module.companions(kind, resource);
    let website = companions("aws_s3_bucket_website_configuration").next().is_some()
        || !blocks(m.body, "website").is_empty();
    let cors = companions("aws_s3_bucket_cors_configuration").map(|r| r.at).chain([m.body]);
    let uploads = cors.flat_map(|at| blocks(at, "cors_rule")).any(|rule| {
        match said(m.stacks, module, rule, &["allowed_methods"]) {
            Said::Known(k) => k.node.texts().iter().any(|(t, _)| matches!(t.as_str(), "PUT" | "POST")),
            _ => false,
        }
    });
    let named = m.text(&["bucket"]).or_else(|| m.text(&["bucket_prefix"])).unwrap_or_default();
    m.fact.holds = bucket_use(&format!("{}-{named}", resource.name), website, uploads);
    deletable(m, "force_destroy");
    versioned(m, companions("aws_s3_bucket_versioning").map(|r| r.at).next());
    public(m, resource);
}

/// A bucket that holds something can't be deleted, unless the file asks for that.
pub(super) fn deletable(m: &mut Maker<'_>, attribute: &str) {
    let line = m.line(&[attribute]);
    m.fact.deletion_protected = match m.says(&[attribute]) {
        Said::Known(known) if known.node.truth() == Some(true) => {
            m.evidence("deletion_protected", line, "it can be deleted with everything in it");
            Answer::No
        }
        Said::Unknown(reason) => m.unknown("deletion_protected", &reason),
        _ => {
            m.evidence("deletion_protected", line, "it can't be deleted while it holds anything");
            Answer::Yes
        }
    };
    m.prevent_destroy();
}

fn versioned<'a>(m: &mut Maker<'a>, companion: Option<At<'a>>) {
    let words = Words {
        yes: "earlier versions of files are kept",
        no: "earlier versions of files are not kept",
        silent: "earlier versions of files are not kept unless versioning is switched on",
    };
    let Some(at) = companion else {
        let inline = m.truth("versioned", &["versioning", "enabled"], Some(false), &words);
        let module_form =
            matches!(m.says(&["versioning", "status"]), Said::Known(k) if k.node.scalar() == "Enabled");
        m.fact.versioned = if module_form {
            m.fact.evidence.retain(|e| e.cell != "versioned");
            m.evidence("versioned", m.line(&["versioning"]), words.yes);
            Answer::Yes
        } else if inline == Answer::No && m.module.has_strays("aws_s3_bucket_versioning") {
            m.fact.evidence.retain(|e| e.cell != "versioned");
            m.unknown("versioned", "versioning is configured for a bucket whose name is computed")
        } else {
            inline
        };
        return;
    };
    m.fact.versioned = match said(m.stacks, m.module, at, &["versioning_configuration", "status"]) {
        Said::Known(known) => {
            let on = known.node.scalar() == "Enabled";
            let says =
                format!("{} ({} line {})", if on { words.yes } else { words.no }, at.file, at.node.line);
            m.evidence("versioned", m.fact.line, &says);
            if on { Answer::Yes } else { Answer::No }
        }
        Said::Nothing => m.unknown("versioned", "the file does not say"),
        Said::Unknown(reason) => m.unknown("versioned", &reason),
    };
}

/// What keeps a bucket closed, whatever its list or policy says.
struct Block {
    lists: bool,
    policies: bool,
}

fn public<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    let (stacks, module) = (m.stacks, m.module);
    let on = |at: At<'a>, key: &str| matches!(said(stacks, module, at, &[key]), Said::Known(k) if k.node.truth() == Some(true));
    let blocked = module.companions("aws_s3_bucket_public_access_block", resource).next().map(|r| Block {
        lists: on(r.at, "ignore_public_acls") || on(r.at, "block_public_acls"),
        policies: on(r.at, "restrict_public_buckets") || on(r.at, "block_public_policy"),
    });
    let block = blocked.unwrap_or(Block { lists: false, policies: false });
    let website = m.fact.holds == BucketUse::Website;
    let lists = module.companions("aws_s3_bucket_acl", resource).map(|r| r.at).chain([m.body]);
    let mut open: Option<(At<'a>, String, bool)> = None;
    for at in lists {
        if let Said::Known(known) = said(stacks, module, at, &["acl"]) {
            let acl = known.node.scalar();
            if acl.starts_with("public-read") && !block.lists {
                let line = at.node.get("acl").unwrap_or(at.node);
                open = Some((
                    At { node: line, file: at.file },
                    format!("the access list is `{acl}`"),
                    acl.ends_with("write"),
                ));
            }
        }
    }
    let mut untold = None;
    let policies = module.companions("aws_s3_bucket_policy", resource).map(|r| r.at).chain([m.body]);
    for at in policies {
        let Some(policy) = at.node.get("policy") else { continue };
        match statements(stacks, module, At { node: policy, file: at.file }) {
            Ok(all) => {
                let wide = |s: &&super::policy::Statement| s.allows && s.everybody && !s.conditional;
                let reads = |a: &String| matches!(a.as_str(), "*" | "s3:*" | "s3:GetObject" | "s3:Get*");
                let more = |a: &String| {
                    matches!(
                        a.as_str(),
                        "*" | "s3:*"
                            | "s3:PutObject"
                            | "s3:DeleteObject"
                            | "s3:ListBucket"
                            | "s3:Put*"
                            | "s3:List*"
                    )
                };
                for s in all.iter().filter(wide) {
                    let (read, write) = (s.actions.iter().any(reads), s.actions.iter().any(more));
                    if (read || write) && !block.policies {
                        let says = if write {
                            "its policy lets everybody list or change files"
                        } else {
                            "its policy lets everybody read files"
                        };
                        open = Some((At { node: policy, file: at.file }, says.to_owned(), write));
                    }
                }
            }
            Err(reason) => untold = Some(reason),
        }
    }
    m.fact.publicly_reachable = match (open, untold) {
        (Some((at, says, write)), _) => {
            let evidence =
                crate::facts::Evidence::new("publicly_reachable", at.file, at.node.line.max(1), &says);
            m.fact.evidence.push(evidence);
            if website && !write { Answer::Partial } else { Answer::Yes }
        }
        (None, Some(_)) if block.policies => closed(m),
        (None, Some(reason)) => m.unknown("publicly_reachable", &reason),
        (None, None) => closed(m),
    };
}

fn closed(m: &mut Maker<'_>) -> Answer {
    m.evidence("publicly_reachable", m.fact.line, "nothing opens it to everybody");
    Answer::No
}
