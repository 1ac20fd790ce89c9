//! What a bucket is used for: by what is configured for it, else by its name.

use crate::facts::kinds::BucketUse;

/// Words of names, and what such a bucket holds.
const WORDS: &[(BucketUse, &[&str])] = &[
    (BucketUse::State, &["tfstate", "terraform", "state"]),
    (BucketUse::Logs, &["log", "logs", "logging", "accesslogs", "cloudtrail", "audit"]),
    (BucketUse::Backups, &["backup", "backups", "snapshots", "archive", "dumps"]),
    (
        BucketUse::Build,
        &[
            "artifact",
            "artifacts",
            "build",
            "builds",
            "codepipeline",
            "deploy",
            "deployment",
            "lambda",
            "source",
            "code",
            "cache",
            "packages",
            "releases",
            "gcf",
        ],
    ),
    (
        BucketUse::Website,
        &["website", "web", "www", "site", "static", "public", "cdn", "spa", "frontend", "landing"],
    ),
    (
        BucketUse::Uploads,
        &[
            "upload",
            "uploads",
            "media",
            "avatars",
            "attachments",
            "documents",
            "user",
            "users",
            "customer",
            "customers",
            "files",
            "invoices",
            "photos",
            "images",
            "videos",
        ],
    ),
];

/// What a bucket with this name is used for. `website` and `uploads`: what its configuration shows.
pub(super) fn bucket_use(name: &str, website: bool, uploads: bool) -> BucketUse {
    if website {
        return BucketUse::Website;
    }
    if uploads {
        return BucketUse::Uploads;
    }
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    WORDS
        .iter()
        .find(|(_, known)| words.iter().any(|w| known.contains(w)))
        .map_or(BucketUse::Unknown, |(u, _)| *u)
}
