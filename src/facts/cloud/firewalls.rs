//! What firewalls open to the whole internet.

use super::maker::{Maker, Said, blocks, said};
use super::resolve::resolve;
use super::stack::At;
use crate::facts::config::{Node, Value};
use crate::facts::kinds::{Answer, OpenPort};
use crate::meaning::ports;

/// More rules than anybody reads.
const MAX_PORTS: usize = 200;
/// A range this wide is opened without a thought to what listens there.
const WIDE: u32 = 1_000;

/// `aws_security_group`, `aws_default_security_group`: blocks `ingress`.
pub(super) fn security_group(m: &mut Maker<'_>) {
    for block in blocks(m.body, "ingress") {
        aws_rule(m, block, &["cidr_blocks", "ipv6_cidr_blocks"], ["from_port", "to_port", "protocol"]);
    }
    close(m);
}

/// `aws_security_group_rule`: its own resource, `type = "ingress"`.
pub(super) fn security_group_rule(m: &mut Maker<'_>) {
    aws_rule(m, m.body, &["cidr_blocks", "ipv6_cidr_blocks"], ["from_port", "to_port", "protocol"]);
    close(m);
}

/// `aws_vpc_security_group_ingress_rule`.
pub(super) fn ingress_rule(m: &mut Maker<'_>) {
    aws_rule(m, m.body, &["cidr_ipv4", "cidr_ipv6"], ["from_port", "to_port", "ip_protocol"]);
    close(m);
}

/// `mongodbatlas_project_ip_access_list`: addresses that may connect to the databases of a project.
pub(super) fn atlas(m: &mut Maker<'_>) {
    if let Some(line) = world(m, m.body, &["cidr_block", "ip_address"]) {
        open(m, line, 27_017, 27_017, "tcp");
    }
    close(m);
}

/// The module `terraform-aws-modules/security-group/aws`.
pub(super) fn security_group_module(m: &mut Maker<'_>) {
    for list in ["ingress_with_cidr_blocks", "ingress_with_ipv6_cidr_blocks"] {
        for block in blocks(m.body, list) {
            if block.node.get("rule").is_some() {
                m.unknown("publicly_reachable", "a rule of the module decides");
                continue;
            }
            aws_rule(m, block, &["cidr_blocks", "ipv6_cidr_blocks"], ["from_port", "to_port", "protocol"]);
        }
    }
    let world = world(m, m.body, &["ingress_cidr_blocks", "ingress_ipv6_cidr_blocks"]);
    if let (Some(line), Said::Known(rules)) = (world, m.says(&["ingress_rules"])) {
        for (rule, _) in rules.node.texts() {
            let port = match rule.split('-').next().unwrap_or_default() {
                "all" => None,
                "ssh" => Some(22),
                "rdp" => Some(3389),
                "postgresql" => Some(5432),
                "mysql" => Some(3306),
                "mssql" => Some(1433),
                "redis" => Some(6379),
                "mongodb" => Some(27017),
                "http" => Some(80),
                _ => Some(443),
            };
            open(m, line, port.unwrap_or(0), port.unwrap_or(65_535), "tcp");
        }
    }
    close(m);
}

fn aws_rule<'a>(m: &mut Maker<'a>, block: At<'a>, sources: &[&str], [from, to, protocol]: [&str; 3]) {
    let Some(line) = world(m, block, sources) else { return };
    let number = |key: &str| match said(m.stacks, m.module, block, &[key]) {
        Said::Known(known) => Ok(known.node.number()),
        Said::Nothing => Ok(None),
        Said::Unknown(reason) => Err(reason),
    };
    let protocol = match said(m.stacks, m.module, block, &[protocol]) {
        Said::Known(known) => known.node.scalar(),
        Said::Nothing => "-1".to_owned(),
        Said::Unknown(_) => "tcp".to_owned(),
    };
    match (number(from), number(to)) {
        _ if matches!(protocol.as_str(), "-1" | "all") => open(m, line, 0, 65_535, "tcp"),
        (Ok(Some(from)), Ok(Some(to))) => {
            open(m, line, from.clamp(0.0, 65_535.0) as u32, to.clamp(0.0, 65_535.0) as u32, &protocol);
        }
        (Err(reason), _) | (_, Err(reason)) => {
            m.unknown("publicly_reachable", &reason);
        }
        _ => {}
    }
}

/// `google_compute_firewall`: `direction` is INGRESS; without any source it is open to everybody.
pub(super) fn google(m: &mut Maker<'_>) {
    let out = m.text(&["direction"]).is_some_and(|d| d == "EGRESS");
    let off = m.text(&["disabled"]).is_some_and(|d| d == "true");
    let limited = ["source_tags", "source_service_accounts"];
    if out || off {
        return close(m);
    }
    let line = match m.says(&["source_ranges"]) {
        Said::Nothing if limited.iter().all(|l| matches!(m.says(&[l]), Said::Nothing)) => Some(m.fact.line),
        Said::Nothing => None,
        _ => world(m, m.body, &["source_ranges"]),
    };
    let Some(line) = line else { return close(m) };
    for allow in blocks(m.body, "allow") {
        let protocol = match said(m.stacks, m.module, allow, &["protocol"]) {
            Said::Known(known) => known.node.scalar(),
            _ => "tcp".to_owned(),
        };
        match said(m.stacks, m.module, allow, &["ports"]) {
            Said::Known(ports) => {
                for (range, _) in ports.node.texts() {
                    range_of(m, line, &range, &protocol);
                }
            }
            Said::Nothing if protocol != "icmp" => open(m, line, 0, 65_535, &protocol),
            Said::Nothing => {}
            Said::Unknown(reason) => {
                m.unknown("publicly_reachable", &reason);
            }
        }
    }
    close(m);
}

/// `azurerm_network_security_rule`, and the blocks `security_rule` of a group.
pub(super) fn azure(m: &mut Maker<'_>) {
    let rules = if m.fact.type_name == "azurerm_network_security_group" {
        blocks(m.body, "security_rule")
    } else {
        vec![m.body]
    };
    for rule in rules {
        let says = |key: &str| match said(m.stacks, m.module, rule, &[key]) {
            Said::Known(known) => known.node.scalar(),
            _ => String::new(),
        };
        if says("access") == "Deny" || says("direction") == "Outbound" {
            continue;
        }
        let protocol = says("protocol").to_ascii_lowercase();
        let Some(line) = world(m, rule, &["source_address_prefix", "source_address_prefixes"]) else {
            continue;
        };
        for key in ["destination_port_range", "destination_port_ranges"] {
            if let Said::Known(known) = said(m.stacks, m.module, rule, &[key]) {
                for (range, _) in known.node.texts() {
                    range_of(m, line, &range, &protocol);
                }
            }
        }
    }
    close(m);
}

/// `digitalocean_firewall`: blocks `inbound_rule`; `hcloud_firewall`: blocks `rule`.
pub(super) fn droplet(m: &mut Maker<'_>) {
    let hetzner = m.fact.type_name == "hcloud_firewall";
    for rule in blocks(m.body, if hetzner { "rule" } else { "inbound_rule" }) {
        let says = |key: &str| match said(m.stacks, m.module, rule, &[key]) {
            Said::Known(known) => known.node.scalar(),
            _ => String::new(),
        };
        if hetzner && says("direction") == "out" {
            continue;
        }
        let Some(line) = world(m, rule, &[if hetzner { "source_ips" } else { "source_addresses" }]) else {
            continue;
        };
        let (protocol, port) = (says("protocol"), says(if hetzner { "port" } else { "port_range" }));
        range_of(m, line, &port, &protocol);
    }
    close(m);
}

/// The line of what lets everybody in, if anything does; says that it can't be told where that is so.
fn world<'a>(m: &mut Maker<'a>, block: At<'a>, keys: &[&str]) -> Option<u32> {
    let mut found = None;
    for key in keys {
        let Some(node) = block.node.get(key) else { continue };
        let items: Vec<At<'a>> = match resolve(m.stacks, m.module, At { node, file: block.file }) {
            Ok(known) => match &known.node.value {
                Value::List(items) => items.iter().map(|node| At { node, file: known.file }).collect(),
                _ => vec![At { node: known.node, file: known.file }],
            },
            Err(reason) => {
                m.unknown("publicly_reachable", &reason);
                continue;
            }
        };
        for item in items {
            match resolve(m.stacks, m.module, item) {
                Ok(known) if known.node.scalar().split(',').any(|cidr| everybody(cidr.trim())) => {
                    let own = Some(node.line).filter(|line| *line > 0);
                    found = found.or(own);
                }
                Ok(_) => {}
                // An address that is computed is one somewhere, not everybody's.
                Err(_) if matches!(item.node.value, Value::Expression(_)) && is_template(item.node) => {}
                Err(reason) => {
                    m.unknown("publicly_reachable", &reason);
                }
            }
        }
    }
    found
}

fn is_template(node: &Node) -> bool {
    use crate::facts::config::Expression;
    match &node.value {
        Value::Expression(e) => match e.as_ref() {
            Expression::Template(_) => true,
            // What another resource is given when it is made is an address of it.
            Expression::Reference(path) => {
                !["var.", "local.", "each.", "count."].iter().any(|p| path.starts_with(p))
            }
            _ => false,
        },
        _ => false,
    }
}

fn everybody(cidr: &str) -> bool {
    matches!(cidr, "0.0.0.0/0" | "::/0" | "*" | "Internet" | "Any" | "0.0.0.0")
}

fn range_of(m: &mut Maker<'_>, line: u32, range: &str, protocol: &str) {
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|n| *n <= 65_535);
    match (range, range.split_once('-')) {
        ("*" | "all" | "any" | "1-65535" | "0-65535", _) => open(m, line, 0, 65_535, protocol),
        (_, Some((from, to))) => {
            if let (Some(from), Some(to)) = (number(from), number(to)) {
                open(m, line, from, to, protocol);
            }
        }
        (one, None) => {
            if let Some(port) = number(one) {
                open(m, line, port, port, protocol);
            }
        }
    }
}

fn open(m: &mut Maker<'_>, line: u32, from: u32, to: u32, protocol: &str) {
    if matches!(protocol, "icmp" | "icmpv6" | "1" | "58") || m.fact.open_ports.len() >= MAX_PORTS {
        return;
    }
    let known = || ports::between(from, to).filter(|_| protocol != "udp" && protocol != "17");
    let (service, group) = if to.saturating_sub(from) >= WIDE {
        ("everything", "everything")
    } else {
        let best = ["administration", "database", "web"].iter().find_map(|g| known().find(|p| p.is == *g));
        best.map_or(("", ""), |p| (p.id.as_str(), p.is.as_str()))
    };
    let says = match (from == to, service) {
        (_, "everything") => "every port is open to the whole internet".to_owned(),
        (true, "") => format!("port {from} is open to the whole internet"),
        (true, service) => format!("port {from} ({service}) is open to the whole internet"),
        (false, _) => format!("ports {from} to {to} are open to the whole internet"),
    };
    let port = OpenPort { from, to, service: service.to_owned(), group: group.to_owned(), line };
    if !m.fact.open_ports.contains(&port) {
        m.fact.open_ports.push(port);
        m.evidence("open_ports", line, &says);
    }
}

/// Says whether strangers get through, once all rules were looked at.
fn close(m: &mut Maker<'_>) {
    let telling = m.fact.open_ports.iter().any(|p| !matches!(p.group.as_str(), "web" | ""));
    let untold = m.fact.unknowns.iter().any(|u| u.cell == "publicly_reachable");
    m.fact.publicly_reachable = if telling {
        m.fact.unknowns.retain(|u| u.cell != "publicly_reachable");
        Answer::Yes
    } else if untold {
        Answer::Unknown
    } else {
        m.fact.unknowns.retain(|u| u.cell != "publicly_reachable");
        Answer::No
    };
    m.fact.unknowns.dedup();
}
