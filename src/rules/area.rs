//! The areas of the report, in its order.

/// An area of the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Area {
    /// What a rule says in `area`.
    pub slug: &'static str,
    /// What the report says.
    pub title: &'static str,
    /// Whether its checks need code or manifests to have been read. An area that doesn't (git, people) can be told
    /// whatever the language.
    pub needs_code: bool,
}

/// Every area, in the order of the report.
pub static AREAS: &[Area] = &[
    Area { slug: "source-control", title: "Source control and backups", needs_code: false },
    Area { slug: "secrets", title: "Secrets", needs_code: false },
    Area { slug: "access", title: "Authentication and authorization", needs_code: true },
    Area { slug: "isolation", title: "Tenant isolation", needs_code: true },
    Area { slug: "routes", title: "API routes", needs_code: true },
    Area { slug: "cost", title: "Rate limits and cost to run", needs_code: true },
    Area { slug: "observability", title: "Logging and error tracking", needs_code: true },
    Area { slug: "audit-trail", title: "Audit trails", needs_code: true },
    Area { slug: "recovery", title: "Recovery and failure handling", needs_code: true },
    Area { slug: "tests", title: "Tests", needs_code: true },
    Area { slug: "single-points", title: "Single points of failure", needs_code: false },
    Area { slug: "data", title: "Data handling", needs_code: true },
    Area { slug: "ai", title: "AI governance", needs_code: true },
    Area { slug: "platform", title: "Deployment and dependencies", needs_code: true },
];

/// The area with this slug.
pub fn area_named(slug: &str) -> Option<&'static Area> {
    AREAS.iter().find(|area| area.slug == slug)
}
