//! What was found: `results`, one for each place.

use serde_json::{Map, Value, json};

use super::super::entries::{Entry, WHOLE, flat, message, short, stopped};
use super::super::{Report, escape};
use super::{LONGEST, artifact, descriptors};
use crate::facts::Evidence;
use crate::findings::{Place, Standing, SuppressionKind};
use crate::secrets::Excerpt;

/// The most further places that a result refers to.
const MOST_RELATED: usize = 10;

/// The result for a place. `first` of its finding carries the texts that all its places share.
pub(super) fn result(entry: &Entry<'_>, report: &Report, rule: Option<usize>, first: bool) -> Value {
    let Entry { finding, place, fingerprint, .. } = entry;
    let mut result = Map::new();
    let mut put = |key: &str, value: Value| {
        result.insert(key.to_owned(), value);
    };
    put("ruleId", json!(finding.rule));
    if let Some(index) = rule {
        put("ruleIndex", json!(index));
    }
    put("level", json!(descriptors::level(finding.severity)));
    let mut text = short(&flat(&message(entry)), LONGEST);
    if place.file.is_empty() {
        text = format!("{text} {WHOLE}");
    }
    put("message", json!({ "text": escape::sarif_message(&text) }));
    put("locations", json!([location(place, report)]));
    // The only one that GitHub follows is the first; it is made of the place's key, so moved lines keep it.
    put(
        "partialFingerprints",
        json!({ "primaryLocationLineHash": fingerprint, "vibecheckPlace/v1": fingerprint }),
    );
    if let Some(flow) = flow(entry, report) {
        put("codeFlows", json!([{ "threadFlows": [{ "locations": flow }] }]));
    }
    let related = related(entry, report);
    if !related.is_empty() {
        put("relatedLocations", json!(related));
    }
    if let Some((kind, why)) = entry.acceptance(report) {
        let kind = match kind {
            SuppressionKind::Comment => "inSource",
            SuppressionKind::Config => "external",
        };
        let why = short(&why, LONGEST);
        put("suppressions", json!([{ "kind": kind, "status": "accepted", "justification": why }]));
    }
    if !report.comparisons.is_empty() {
        put("baselineState", json!(if is_old(place) { "unchanged" } else { "new" }));
    }
    put("properties", properties(entry, first));
    Value::Object(result)
}

/// Whether what was compared with knows the place. What is ignored was never compared.
fn is_old(place: &Place) -> bool {
    matches!(place.standing, Standing::Baseline | Standing::Before)
}

fn properties(entry: &Entry<'_>, first: bool) -> Value {
    let finding = entry.finding;
    let mut properties = json!({
        "finding": finding.key,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "stage": finding.stage,
        "subject": short(&finding.subject, 300),
    });
    if !finding.app.is_empty() {
        properties["app"] = json!(finding.app);
    }
    if first {
        properties["places"] = json!(finding.places.len());
        properties["fix"] = json!(short(&flat(&finding.fix), LONGEST));
        properties["verify"] = json!(short(&flat(&finding.verify), LONGEST));
    }
    properties
}

fn location(place: &Place, report: &Report) -> Value {
    let mut location = at(&place.file, place.line, &place.snippet, report);
    if place.column > 0 {
        location["physicalLocation"]["region"]["startColumn"] = json!(place.column);
    }
    location
}

/// GitHub needs a file and a line: what is about the repository as a whole stands at its README, and says so.
fn at(file: &str, line: u32, snippet: &Excerpt, report: &Report) -> Value {
    let mut region = json!({ "startLine": line.max(1) });
    if !snippet.is_empty() && line > 0 {
        region["snippet"] = json!({ "text": snippet });
    }
    let artifact = artifact(&report.background.path(file));
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact, "region": region } });
    if file.is_empty() {
        location["logicalLocations"] =
            json!([{ "name": short(&flat(&report.subject.name), 300), "kind": "repository" }]);
    }
    location
}

/// The first other places of the finding, as many as help; `places` in the properties tells how many there are.
fn related(entry: &Entry<'_>, report: &Report) -> Vec<Value> {
    let others = entry.finding.places.iter().filter(|other| !std::ptr::eq(*other, entry.place));
    (1..)
        .zip(others.filter(|other| !other.file.is_empty()).take(MOST_RELATED))
        .map(|(id, other)| {
            let mut location = location(other, report);
            location["id"] = json!(id);
            location["message"] = json!({ "text": "Another place of the same root cause." });
            location
        })
        .collect()
}

/// The chain of evidence, if it is one: several fields of a fact, seen at several places. Evidence of one field alone is
/// a list of like things, each of which is a result of its own. Of each field the chain has what is seen at this place,
/// else the first.
fn flow(entry: &Entry<'_>, report: &Report) -> Option<Vec<Value>> {
    let here = |first: &Evidence| entry.here.iter().find(|evidence| evidence.cell == first.cell).copied();
    let steps: Vec<&Evidence> = entry
        .chain
        .iter()
        .map(|first| here(first).unwrap_or(first))
        .filter(|evidence| !evidence.file.is_empty())
        .collect();
    let mut places: Vec<(&str, u32)> = steps.iter().map(|step| (step.file.as_str(), step.line)).collect();
    places.sort_unstable();
    places.dedup();
    if places.len() < 2 {
        return None;
    }
    Some(steps.iter().map(|step| json!({ "location": step_location(step, report) })).collect())
}

fn step_location(step: &Evidence, report: &Report) -> Value {
    let mut location = at(&step.file, step.line, &step.snippet, report);
    let says = if step.says.is_empty() { step.cell.as_str() } else { step.says.as_str() };
    location["message"] = json!({ "text": escape::sarif_message(&stopped(says)) });
    location
}
