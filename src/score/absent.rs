//! What the facts show that the product does not have, so that an area does not apply.

use crate::facts::{Answer, Facts};

/// Words in the names of environment variables that keep us from saying that there is no AI: a provider can be called
/// without its SDK. Such a name does not show that there is AI; it is enough not to deny it.
static AI_WORDS: &[&str] = &[
    "AI",
    "LLM",
    "GPT",
    "OPENAI",
    "AZUREOPENAI",
    "ANTHROPIC",
    "CLAUDE",
    "GEMINI",
    "GENAI",
    "VERTEX",
    "BEDROCK",
    "MISTRAL",
    "GROQ",
    "XAI",
    "COHERE",
    "DEEPSEEK",
    "PERPLEXITY",
    "TOGETHER",
    "FIREWORKS",
    "OPENROUTER",
    "HUGGINGFACE",
    "HF",
    "REPLICATE",
    "FAL",
    "STABILITY",
    "ELEVENLABS",
    "DEEPGRAM",
    "ASSEMBLYAI",
    "OLLAMA",
    "LANGCHAIN",
    "LANGFUSE",
    "PINECONE",
    "LOVABLE",
];

/// The fact that tells, for an area that has nothing to look at; `None` where the facts don't tell.
///
/// Only where the code and the manifests were read: no facts is not the same as no such thing.
pub(super) fn absent(area: &str, facts: &Facts) -> Option<&'static str> {
    if facts.apps.is_empty() || facts.project.code_read != Answer::Yes || !super::has_code(facts) {
        return None;
    }
    let apps = &facts.apps;
    match area {
        "ai" if apps.iter().all(|app| app.ai.is_empty()) && !names_ai(facts) => {
            Some("No AI provider and no AI SDK was found in any app.")
        }
        // Without a server, accounts and a place to keep data there are no tenants to keep apart.
        "isolation"
            if facts.databases.is_empty()
                && apps.iter().all(|app| {
                    app.has_server == Answer::No
                        && app.databases.is_empty()
                        && app.storage.is_empty()
                        && app.auth.is_empty()
                }) =>
        {
            Some("No server, no database, no file store and no sign-in was found in any app.")
        }
        _ => None,
    }
}

/// Whether it takes the facts of a list to say so of one of these areas.
pub(super) fn reads(list: &str, areas: &[String]) -> bool {
    let lists = |area: &str| match area {
        "ai" => ["apps", "env_vars"].contains(&list),
        "isolation" => ["apps", "databases"].contains(&list),
        _ => false,
    };
    areas.iter().any(|area| lists(area))
}

/// Whether the name of an environment variable speaks of AI.
fn names_ai(facts: &Facts) -> bool {
    facts
        .env_vars
        .iter()
        .any(|var| var.name.to_ascii_uppercase().split('_').any(|word| AI_WORDS.contains(&word)))
}
