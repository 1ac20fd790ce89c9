//! Functions that language models may call: tools of the AI SDK, of MCP servers, of agent frameworks. What each of them does
//! is found out as for a route: its function is gone through with what a model chose.

use crate::code::walk::everything;
use crate::code::{Call, Code, Entry, Expr, ModuleId, Property, Root, Step};
use crate::facts::kinds::{AiTool, Evidence, ToolEffect, Unknown};
use crate::facts::{Facts, Input};
use crate::meaning::flow::{Flow, From, Value};
use crate::meaning::symbols;
use crate::secrets::excerpt;
use crate::source::Role;

use super::judge::action_of;

/// How a package offers tools: its specifier, the call that declares one, and whether the first argument is the name.
static OFFERS: &[(&str, &[&str], bool)] = &[
    ("ai", &["tool", "dynamicTool"], false),
    ("@ai-sdk/provider-utils", &["tool"], false),
    ("@modelcontextprotocol/sdk", &["tool", "registerTool"], true),
    ("@modelcontextprotocol/server", &["tool", "registerTool"], true),
    ("mcp-handler", &["tool", "registerTool"], true),
    ("@vercel/mcp-adapter", &["tool", "registerTool"], true),
    ("@mastra/core", &["createTool"], false),
    ("@openai/agents", &["tool"], false),
    ("@langchain/core", &["tool"], false),
    ("langchain", &["tool"], false),
    ("fastmcp", &["addTool"], false),
];

/// Fills `ai_tools`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let code = input.code;
    let mut flow = Flow::new(code);
    for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
        let offers: Vec<_> = OFFERS
            .iter()
            .filter(|(package, ..)| {
                module.imports.iter().any(|import| !import.types_only && is_of(&import.specifier, package))
            })
            .collect();
        if offers.is_empty() || Role::of(&module.path) != Role::Product {
            continue;
        }
        let mut found: Vec<(&Call, &str, bool)> = Vec::new();
        let mut names: Vec<(*const Call, String)> = Vec::new();
        everything(module, &mut |expr| match expr {
            Expr::Object(entries) => {
                for entry in entries {
                    if let Entry::Pair(name, Expr::Call(call)) = entry {
                        names.push((std::ptr::from_ref(call), name.to_string()));
                    }
                }
            }
            Expr::Call(call) => {
                let offer =
                    offers.iter().find(|(package, calls, _)| declares(code, id, call, package, calls));
                if let Some((package, _, is_named)) = offer {
                    found.push((call, package, *is_named));
                }
            }
            _ => {}
        });
        for symbol in &module.symbols {
            if let crate::code::Binding::Variable(_, Some(value)) = symbol.is
                && let Some(Expr::Call(call)) = module.values.get(value.0 as usize)
            {
                names.push((std::ptr::from_ref(call), symbol.name.to_string()));
            }
        }
        for (call, library, is_named) in found {
            let known = names.iter().find(|(of, _)| std::ptr::eq(*of, call)).map(|(_, name)| name.clone());
            if let Some(tool) = tool(&mut flow, id, call, library, is_named, known) {
                facts.ai_tools.push(tool);
            }
        }
    }
    facts
        .ai_tools
        .sort_by(|a, b| (&a.file, a.line, a.name.as_str()).cmp(&(&b.file, b.line, b.name.as_str())));
}

fn is_of(specifier: &str, package: &str) -> bool {
    let specifier = specifier.trim_start_matches("npm:");
    let rest = specifier.strip_prefix(package);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with('@'))
}

/// Whether a call is one that declares a tool: `tool({ … })` of the package itself, `server.tool(…)` of what it made.
fn declares(code: &Code, id: ModuleId, call: &Call, package: &str, calls: &[&str]) -> bool {
    match &call.callee {
        Expr::Name(name, Some(_)) => {
            let denoted = code.denote(id, &call.callee);
            let of_package = matches!(&denoted.root, Root::Package(root) if is_of(root, package));
            let exported = match denoted.path.as_slice() {
                [Step::Member(member)] => calls.contains(&&**member),
                _ => calls.contains(&&**name),
            };
            of_package && exported
        }
        // A server is made by the package, or handed to a function that the package calls.
        Expr::Member(member) => {
            let named = matches!(&member.property, Property::Named(name) if calls.contains(&&**name));
            let is_full = call.args.len() > 1 && matches!(call.args.first(), Some(Expr::Text(_)))
                || matches!(call.args.as_slice(), [Expr::Object(_)]);
            named && is_full && package != "ai"
        }
        _ => false,
    }
}

/// One tool with what it does. `None`, if there is no function that a model could call.
fn tool<'c>(
    flow: &mut Flow<'c>,
    id: ModuleId,
    call: &'c Call,
    library: &str,
    is_named: bool,
    known: Option<String>,
) -> Option<AiTool> {
    let code = flow.code;
    let option = |name: &str| {
        call.args.iter().find_map(|arg| match arg {
            Expr::Object(entries) => entries.iter().find_map(|entry| match entry {
                Entry::Pair(key, value) if **key == *name => Some(value),
                _ => None,
            }),
            _ => None,
        })
    };
    let runs = option("execute")
        .or_else(|| option("run"))
        .or_else(|| option("handler"))
        .or_else(|| call.args.iter().rev().find(|arg| matches!(arg, Expr::Function(_) | Expr::Name(..))))?;
    let text = |expr: &Expr| code.constant(id, expr);
    let name = match (is_named, call.args.first()) {
        (true, Some(first)) => text(first),
        _ => None,
    };
    let name =
        name.or_else(|| option("name").and_then(text)).or(known).or_else(|| option("id").and_then(text))?;
    let value = match runs {
        Expr::Function(function) => flow.function((id, *function)),
        expr => flow.value_in(id, expr),
    };
    let Value::Function(_) = value else { return None };
    flow.begin();
    let chosen = Value::from(From::Input(symbols::Input::Body));
    flow.result_of(&value, vec![chosen, Value::Unknown]);
    let path = code.module(id).path.clone();
    let mut effects: Vec<ToolEffect> = Vec::new();
    for effect in &flow.trace.effects {
        let (action, resource) = action_of(code, effect);
        let done = ToolEffect {
            action: action.to_owned(),
            resource: excerpt(&resource),
            file: code.module(effect.module).path.clone(),
            line: effect.line,
        };
        if !action.is_empty() && !effects.contains(&done) {
            effects.push(done);
        }
    }
    let mut evidence = vec![Evidence::new("name", &path, call.line, &format!("a model may call {name}"))];
    evidence.extend(effects.iter().map(|effect| {
        Evidence::new("effects", &effect.file, effect.line, &format!("{} {}", effect.action, effect.resource))
    }));
    let unknowns = match flow.trace.is_cut || flow.trace.effects.is_empty() && !flow.trace.unknown.is_empty()
    {
        true => vec![Unknown::new("effects", "the code that it runs could not be followed to the end")],
        false => Vec::new(),
    };
    Some(AiTool {
        name: excerpt(&name),
        library: library.to_owned(),
        file: path,
        line: call.line,
        acts: effects.iter().any(|effect| effect.action != "view"),
        effects,
        evidence,
        unknowns,
        ..AiTool::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::testing::facts;

    const PACKAGE: (&str, &str) = (
        "package.json",
        r#"{"name":"shop","dependencies":{"ai":"5.0.0","next":"15.1.0","@modelcontextprotocol/sdk":"1.0.0","@prisma/client":"6.0.0"}}"#,
    );
    const DATABASE: &str = "import { PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\n";

    /// The tools that a file offers: name, line, and what each does.
    fn tools(path: &str, code: &str) -> Vec<(String, u32, Vec<String>)> {
        let text = format!("{DATABASE}{code}");
        let all = facts(&[PACKAGE, (path, &text)]).ai_tools;
        let done = |tool: &crate::facts::kinds::AiTool| {
            tool.effects.iter().map(|one| format!("{} {}", one.action, one.resource)).collect()
        };
        all.iter().map(|tool| (tool.name.to_string(), tool.line, done(tool))).collect()
    }

    #[test]
    fn what_a_model_may_call_and_what_that_does() {
        let code = "import { tool } from 'ai';
import { z } from 'zod';
export const tools = {
  refund: tool({ inputSchema: z.object({ id: z.string() }), execute: async ({ id }) => db.order.delete({ where: { id } }) }),
  find: tool({ inputSchema: z.object({}), execute: async () => db.order.findMany() }),
};
";
        let found = tools("app/api/chat/tools.ts", code);
        let expected = [("refund", 6, "delete order"), ("find", 7, "view order")];
        let expected = expected.map(|(name, line, does)| (name.to_owned(), line, vec![does.to_owned()]));
        assert_eq!(found, expected);
    }

    #[test]
    fn tools_of_a_server_have_the_name_that_they_are_given() {
        let code = "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
const server = new McpServer({ name: 'shop' });
server.tool('create_order', {}, async ({ item }) => { await db.order.create({ data: { item } }); return { content: [] }; });
";
        let found = tools("app/api/mcp/route.ts", code);
        assert_eq!(found, [("create_order".to_owned(), 5, vec!["create order".to_owned()])]);
    }

    #[test]
    fn what_is_only_called_tool_is_none() {
        let code = "import { tool } from './own';
import { streamText } from 'ai';
export const one = tool({ execute: async () => db.order.deleteMany({}) });
export const two = streamText({ tools: {} });
";
        assert_eq!(tools("app/api/chat/route.ts", code), []);
        // A tool that the browser answers has no function here.
        let code = "import { tool } from 'ai';\nexport const ask = tool({ description: 'Asks the user' });\n";
        assert_eq!(tools("app/api/chat/route.ts", code), []);
    }
}
