use super::print::{body, imports};
use crate::code::parse;

#[test]
fn vue() {
    let module = parse(
        "a.vue",
        "<template>\n  <p>it's {{ x }} ÄÖ</p>\n</template>\n<!-- <script>nothing(</script> -->\n<script lang=\"ts\">\n\
         import a from './a'\nexport default {}\n</script>\n<script setup lang=\"ts\">\nconst b = a as string\n</script>\n\
         <script type=\"application/ld+json\">{ \"a\": 1 }</script>\n<style>a { color: red }</style>\n",
    );
    assert_eq!(module.broken, None);
    assert_eq!(imports(&module), "a <- ./a#default");
    assert_eq!(body(&module), "{}; let $1 = $a");
    assert_eq!(module.imports[0].line, 6);
    assert_eq!(module.symbols[1].line, 10);
}

#[test]
fn svelte() {
    let module = parse(
        "a.svelte",
        "<script module>\n  export const prerender = true\n</script>\n<script>\n  let { data } = $props()\n  $: doubled = data * 2\n\
         </script>\n{#if data}<p>{data}</p>{/if}\n",
    );
    assert_eq!(module.broken, None);
    assert_eq!(body(&module), "let $0 = true; let {data: $1} = $props(); at doubled = ($data Other 2)");
}

#[test]
fn astro() {
    let module = parse(
        "a.astro",
        "---\nimport { getUser } from '../lib';\nconst user: User = await getUser(Astro);\nif (!user) return Astro.redirect('/');\n\
         ---\n<html><body>{user.name}</body>\n<script>go()</script><script src=\"/x.js\"></script></html>\n",
    );
    assert_eq!(module.broken, None);
    assert_eq!(
        body(&module),
        "let $1 = await $getUser(Astro); if !$user {return Astro.redirect(\"/\")} else {}; go()"
    );
    assert_eq!(parse("b.astro", "<p>no fence</p>").broken, None);
}

#[test]
fn odd_components_are_read_as_far_as_they_go() {
    for text in [
        "<script",
        "<script>",
        "<script>a(",
        "<script lang='ts",
        "<!-- <script>",
        "---\nnot closed",
        "<script/>",
        "</script>",
        "<script>é</script",
        "<script lang>let a</script>",
    ] {
        for path in ["a.vue", "a.svelte", "a.astro"] {
            parse(path, text);
        }
    }
    let broken = parse("a.vue", "<p>\n<script>\n  let a = ;\n</script>").broken;
    assert_eq!(broken.as_deref(), Some("Unexpected token, line 3, column 11"));
}
