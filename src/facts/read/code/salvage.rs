//! Routes of code that does not parse: a parser that goes on after an error lists them, and says nothing more.

use tree_sitter::{Node, Parser};

use crate::facts::notes::SalvagedNote;
use crate::facts::search::{grammar, parts};
use crate::source::File;

/// So many are listed of one file.
const MOST: usize = 500;
/// So many nodes are looked at.
const NODES: usize = 200_000;
/// A file that is larger was not written by a person, and this parser is slow.
const LARGEST: usize = 512 * 1024;

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete", "options", "head", "all"];

/// What a file declares, as far as it can be told without understanding it.
pub(super) fn routes(file: &File, text: &str) -> Vec<SalvagedNote> {
    let mut found = Vec::new();
    if text.len() > LARGEST {
        return found;
    }
    let text = &without_conflicts(text);
    for part in parts(file, text) {
        let (Some(language), Some(source)) = (grammar(part.syntax), text.get(part.start..part.end)) else {
            continue;
        };
        let mut parser = Parser::new();
        if parser.set_language(&language).is_err() {
            continue;
        }
        let Some(tree) = parser.parse(source, None) else { continue };
        let before = text.get(..part.start).unwrap_or_default().matches('\n').count();
        let first = u32::try_from(before).unwrap_or(u32::MAX);
        walk(tree.root_node(), source, first, &mut found);
    }
    found.sort_by(|a, b| (a.line, a).cmp(&(b.line, b)));
    found.dedup();
    found
}

/// The text without the lines by which git marks a conflict, the commonest reason for which code does not parse. Both
/// sides stay, and lines keep their numbers.
fn without_conflicts(text: &str) -> String {
    let is_mark =
        |line: &str| ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark));
    text.split('\n').map(|line| if is_mark(line) { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// Goes through all nodes without recursion: nesting is as deep as its author likes.
fn walk(root: Node<'_>, source: &str, before: u32, found: &mut Vec<SalvagedNote>) {
    let is_actions =
        source.trim_start().starts_with("'use server'") || source.trim_start().starts_with("\"use server\"");
    let mut cursor = root.walk();
    for _ in 0..NODES {
        let node = cursor.node();
        if found.len() >= MOST {
            return;
        }
        match node.kind() {
            "export_statement" => exports(node, source, before, is_actions, found),
            "call_expression" => found.extend(call(node, source, before)),
            "decorator" => found.extend(decorator(node, source, before)),
            _ => {}
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn line(node: Node<'_>, before: u32) -> u32 {
    u32::try_from(node.start_position().row).unwrap_or(u32::MAX).saturating_add(before).saturating_add(1)
}

fn text<'s>(node: Node<'_>, source: &'s str) -> &'s str {
    source.get(node.byte_range()).unwrap_or_default()
}

/// `export async function GET() {}`, `export const POST = …`, `export default …`, `export { h as GET }`.
fn exports(node: Node<'_>, source: &str, before: u32, is_actions: bool, found: &mut Vec<SalvagedNote>) {
    let line = line(node, before);
    let mut add = |name: &str| {
        let (method, path) = match name {
            "default" => ("DEFAULT", ""),
            "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => (name, ""),
            _ if is_actions => ("USE SERVER", name),
            _ => return,
        };
        let (method, path) = (method.to_owned(), path.to_owned());
        found.push(SalvagedNote { method, path, on: String::new(), line });
    };
    if node.children(&mut node.walk()).any(|child| child.kind() == "default") {
        add("default");
        return;
    }
    if let Some(declared) = node.child_by_field_name("declaration") {
        if let Some(name) = declared.child_by_field_name("name") {
            add(text(name, source));
        }
        for one in declared.named_children(&mut declared.walk()) {
            if let Some(name) =
                one.child_by_field_name("name").filter(|_| one.kind() == "variable_declarator")
            {
                add(text(name, source));
            }
        }
    }
    for clause in node.named_children(&mut node.walk()).filter(|child| child.kind() == "export_clause") {
        for one in clause.named_children(&mut clause.walk()) {
            let name = one.child_by_field_name("alias").or_else(|| one.child_by_field_name("name"));
            if let Some(name) = name {
                add(text(name, source));
            }
        }
    }
}

/// `app.get("/users", …)`.
fn call(node: Node<'_>, source: &str, before: u32) -> Option<SalvagedNote> {
    let callee =
        node.child_by_field_name("function").filter(|callee| callee.kind() == "member_expression")?;
    let on = callee.child_by_field_name("object").filter(|object| object.kind() == "identifier")?;
    let method = text(callee.child_by_field_name("property")?, source);
    let method = METHODS.iter().find(|known| **known == method)?;
    let args = node.child_by_field_name("arguments")?;
    let first = args.named_child(0).filter(|first| first.kind() == "string")?;
    let path = text(first, source).trim_matches(['"', '\'']);
    if args.named_child_count() < 2 || !path.starts_with('/') {
        return None;
    }
    let method = if *method == "all" { "ANY".to_owned() } else { method.to_uppercase() };
    let line = line(callee.child_by_field_name("property")?, before);
    Some(SalvagedNote { method, path: path.to_owned(), on: text(on, source).to_owned(), line })
}

/// `@Get("users")`.
fn decorator(node: Node<'_>, source: &str, before: u32) -> Option<SalvagedNote> {
    let call = node.named_child(0).filter(|call| call.kind() == "call_expression")?;
    let name = text(call.child_by_field_name("function")?, source);
    let method = METHODS.iter().find(|known| {
        let mut letters = known.chars();
        let capital = letters.next().map(|c| c.to_ascii_uppercase());
        name.chars().next() == capital && name.get(1..) == Some(letters.as_str())
    })?;
    let first = call.child_by_field_name("arguments").and_then(|args| args.named_child(0));
    let path =
        first.filter(|first| first.kind() == "string").map(|first| text(first, source)).unwrap_or_default();
    let method = if *method == "all" { "ANY".to_owned() } else { method.to_uppercase() };
    let path = format!("/{}", path.trim_matches(['"', '\'']).trim_start_matches('/'));
    Some(SalvagedNote { method, path, on: "@".to_owned(), line: line(node, before) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(path), text).unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let notes = routes(tree.get(path).unwrap(), text);
        notes.iter().map(|n| format!("{}:{} {}{}", n.line, n.method, n.on, n.path)).collect()
    }

    #[test]
    fn a_broken_file_still_lists_its_routes() {
        let text = "import x from 'y'\nexport async function GET() { return 1 }\n<<<<<<< HEAD\nconst a = 1\n=======\nconst a = 2\n>>>>>>> b\nexport const POST = withAuth(async () => {})\n";
        assert_eq!(found("route.ts", text), ["2:GET ", "8:POST "]);
        let text = "const app = express()\napp.get('/users', list)\napp.post('/users', (req, res) => { foo( })\nmap.get('/x')\n";
        let all = found("server.js", text);
        assert!(all.contains(&"2:GET app/users".to_owned()), "{all:?}");
        assert!(!all.iter().any(|one| one.contains("/x")), "{all:?}");
        let text = "'use server'\nexport async function save() {}\nlet = = ;\n";
        assert_eq!(found("actions.ts", text), ["2:USE SERVER save"]);
        let text = "@Controller('a')\nexport class A {\n  @Get('b')\n  b() {}\n  @Post()\n  c( { }\n}\n";
        assert!(found("a.ts", text).contains(&"3:GET @/b".to_owned()));
    }

    #[test]
    fn hostile_text_ends() {
        for text in
            ["(".repeat(100_000), "[".repeat(400_000), "export {".repeat(20_000), "a.get('/".repeat(20_000)]
        {
            let _ = found("a.ts", &text);
        }
    }
}
