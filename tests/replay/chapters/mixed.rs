//! Branches, merges, and several things at once.

use super::{CI, COMPOSE};
use crate::script::Script;

pub fn chapter(s: &mut Script) {
    s.branch(
        |s| {
            s.step("Start on group bookings", |w| {
                w.write(
                    "api/src/groups.ts",
                    "import { total } from \"./prices/total.js\";\n\nexport const groupSize = Number(process.env.GROUP_SIZE ?? 10);\n\nexport function groupTotal(cents: number, passengers: number): number {\n  return total(cents, passengers, passengers >= groupSize ? 0.15 : 0);\n}\n",
                );
                w.brings("env-group", ("undocumented-settings", "api", "GROUP_SIZE"));
            });
            s.step("Test group bookings", |w| {
                w.write(
                    "api/src/groups.test.ts",
                    "import { expect, test } from \"vitest\";\nimport { groupTotal } from \"./groups.js\";\n\ntest(\"ten pay less\", () => {\n  expect(groupTotal(1000, 10)).toBe(8500);\n});\n",
                );
            });
        },
        |s| {
            s.step("Root again, for the new volume", |w| {
                w.cut("desk/Dockerfile", "USER desk");
                w.brings("desk-root", ("container-runs-as-root", "desk/Dockerfile", ""));
            });
        },
        "Merge group bookings",
    );
    s.branch(
        |s| {
            s.step("Write the size of groups down", |w| {
                w.append("api/.env.example", "GROUP_SIZE=10\n").fixes("env-group");
            });
            s.step("Lint the service", |w| {
                w.after(CI, "- run: npm run typecheck", "      - uses: reviewdog/action-eslint@v1");
                w.brings("reviewdog", ("unpinned-ci-actions", "the repository", "reviewdog"));
            });
            s.step("Lint without somebody else's action", |w| {
                w.replace(CI, "      - uses: reviewdog/action-eslint@v1", "      - run: npx eslint src")
                    .fixes("reviewdog");
            });
        },
        |s| {
            s.step("The desk is a user", |w| {
                w.after("desk/Dockerfile", "RUN useradd", "USER desk").fixes("desk-root");
            });
        },
        "Merge the sizes of groups",
    );
    // A fault, a fix, a move and a new layout in one commit.
    s.step("Tidy up everything", |w| {
        w.replace(COMPOSE, "image: axllent/mailpit", "image: axllent/mailpit:v1.21").fixes("inbox-unpinned");
        w.replace(
            "api/src/server.ts",
            "const app = express();",
            "const app = express();\napp.set(\"trust proxy\", process.env.PROXY_HOPS ?? 1);",
        );
        w.brings("env-proxy", ("undocumented-settings", "api", "PROXY_HOPS"));
        w.rename("docs/operations.md", "docs/runbook.md");
        crate::layout::indent(w, "web/vite.config.ts", 4);
    });
    s.step("The runbook is called operations again", |w| {
        w.rename("docs/runbook.md", "docs/operations.md");
    });
    s.step("One proxy, always", |w| {
        w.replace("api/src/server.ts", "process.env.PROXY_HOPS ?? 1", "1").fixes("env-proxy");
    });
}
