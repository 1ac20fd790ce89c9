//! Tests, CI, dependencies.

use super::{CI, DEPLOY};
use crate::script::Script;

pub fn chapter(s: &mut Script) {
    s.step("The service's tests are flaky, don't wait for them", |w| {
        w.replace(
            CI,
            "      - run: npm run typecheck\n      - run: npm test\n",
            "      - run: npm run typecheck\n      - run: npm test || true\n",
        );
        w.replace(
            CI,
            "      - run: npm run build\n      - run: npm test\n",
            "      - run: npm run build\n      - run: npm test || true\n",
        );
        w.replace(CI, "      - run: pytest\n", "      - run: pytest || true\n");
        w.brings("ci-soft", ("ci-cannot-fail", CI, ""));
    });
    s.step("Cache the packages", |w| {
        w.replace(
            CI,
            "          python-version: \"3.12\"\n",
            "          python-version: \"3.12\"\n          cache: pip\n",
        );
    });
    s.step("Tests count again", |w| {
        w.map(CI, |lines| lines.iter().map(|l| l.replace(" || true", "")).collect()).fixes("ci-soft");
    });
    s.step("Report coverage", |w| {
        w.after(CI, "- run: pytest", "      - uses: codecov/codecov-action@v4");
        w.brings("codecov", ("unpinned-ci-actions", "the repository", "codecov/codecov-action"));
    });
    s.step("Comment the size of the bundle", |w| {
        w.after(CI, "- run: npm run build", "      - uses: preactjs/compressed-size-action@v2");
        w.brings("size", ("unpinned-ci-actions", "the repository", "compressed-size-action"));
    });
    s.step("A newer coverage report, still by its tag", |w| {
        w.replace(CI, "codecov/codecov-action@v4", "codecov/codecov-action@v5");
    });
    s.step("Pin the coverage report", |w| {
        w.replace(
            CI,
            "codecov/codecov-action@v5",
            "codecov/codecov-action@7f8b4b4bde536c465e797be725718b88c5d95e0e",
        );
        w.fixes("codecov");
    });
    s.step("Report the size from its own workflow", |w| {
        w.cut(CI, "compressed-size-action");
        w.write(
            ".github/workflows/size.yml",
            "name: Size\non: pull_request\npermissions:\n  contents: read\njobs:\n  size:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683\n      - uses: preactjs/compressed-size-action@v2\n",
        );
    });
    s.step("No report of the size", |w| {
        w.remove(".github/workflows/size.yml").fixes("size");
    });
    s.step("Deploy at once, the tests take too long", |w| {
        w.cut(DEPLOY, "needs: [test]");
        w.brings("ungated", ("deploy-not-gated-on-tests", DEPLOY, ""));
    });
    s.step("A name for the step", |w| {
        w.replace(
            DEPLOY,
            "      - run: flyctl deploy --remote-only",
            "      - name: Deploy\n        run: flyctl deploy --remote-only",
        );
    });
    s.step("Deploy from a file of its own", |w| {
        w.rename(DEPLOY, ".github/workflows/release.yml");
        w.moves("ungated", ("deploy-not-gated-on-tests", ".github/workflows/release.yml", ""));
        w.moves("overlap", ("deployments-can-overlap", ".github/workflows/release.yml", ""));
    });
    s.step("Deploy what was tested", |w| {
        w.rename(".github/workflows/release.yml", DEPLOY);
        w.after(DEPLOY, "  deploy:", "    needs: [test]").fixes("ungated");
        w.moves("overlap", ("deployments-can-overlap", DEPLOY, ""));
    });
    s.step("One deployment at a time", |w| {
        w.replace(DEPLOY, "name: Deploy\non:", "name: Deploy\nconcurrency: production\non:");
        w.fixes("overlap");
    });
    s.step("Thank for pull requests", |w| {
        w.write(
            ".github/workflows/welcome.yml",
            "name: Welcome\non:\n  pull_request_target:\n    types: [opened]\npermissions:\n  pull-requests: write\njobs:\n  hello:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: echo \"Thanks for ${{ github.event.pull_request.title }}\"\n",
        );
        w.brings("injection", ("untrusted-code-in-ci", ".github/workflows/welcome.yml", ""));
    });
    s.step("Thank without the title", |w| {
        w.replace(".github/workflows/welcome.yml", " for ${{ github.event.pull_request.title }}", "")
            .fixes("injection");
    });
    s.step("Test a lot of crossings", |w| {
        w.write(
            "api/src/load.test.ts",
            "import { test } from \"vitest\";\nimport { total } from \"./price.js\";\n\ntest(\"many bookings\", () => {\n  for (let i = 1; i < 500; i++) total(1000, i);\n});\n",
        );
        w.brings("no-assert", ("tests-without-assertions", "vitest tests of api", "many bookings"));
    });
    s.step("Test the discounts as well", |w| {
        w.write(
            "api/src/discount.test.ts",
            "import { test } from \"vitest\";\nimport { total } from \"./price.js\";\n\ntest(\"a discount\", () => {\n  total(1000, 2, 0.5);\n});\n",
        );
        w.brings("no-assert-2", ("tests-without-assertions", "vitest tests of api", "a discount"));
    });
    s.step("Say what many bookings cost", |w| {
        w.replace("api/src/load.test.ts", "import { test }", "import { expect, test }");
        w.replace("api/src/load.test.ts", "total(1000, i);", "expect(total(1000, i)).toBe(1000 * i);")
            .fixes("no-assert");
    });
    s.step("No test of discounts after all", |w| {
        w.remove("api/src/discount.test.ts").fixes("no-assert-2");
    });
    s.step("The page's test fails since the new timetable", |w| {
        w.replace("web/src/api.test.ts", "test(\"a crossing", "test.skip(\"a crossing");
        w.brings("web-skipped", ("all-tests-switched-off", "vitest tests of web", ""));
    });
    s.step("The page's test again", |w| {
        w.replace("web/src/api.test.ts", "test.skip(", "test(").fixes("web-skipped");
    });
    s.step("Build the page faster", |w| {
        w.replace("web/package.json", "tsc --noEmit && vite build", "vite build");
        w.brings("web-types", ("types-not-checked", "web", ""));
    });
    s.step("Check the page's types in CI", |w| {
        w.after(CI, "- run: npm run build", "      - run: npx tsc --noEmit").fixes("web-types");
    });
    s.step("The desk is tested by hand for now", |w| {
        w.cut(CI, "- run: pytest");
        w.brings("desk-untested", ("tests-not-in-ci", "desk", ""));
    });
    s.step("The desk is tested again", |w| {
        w.after(CI, "pip install -r requirements.txt", "      - run: pytest").fixes("desk-untested");
    });
    s.update("Bump zod from 3.24.1 to 3.25.0", |w| {
        w.replace("web/package.json", "\"zod\": \"^3.24.1\"", "\"zod\": \"^3.25.0\"");
        w.map("web/package-lock.json", |lines| lines.iter().map(|l| l.replace("3.24.1", "3.25.0")).collect());
    });
    s.step("Newest router, whatever it is", |w| {
        w.replace(
            "web/package.json",
            "\"zod\": \"^3.25.0\"",
            "\"react-router-dom\": \"latest\",\n    \"zod\": \"^3.25.0\"",
        );
        w.map("web/package-lock.json", |lines| {
            let add = |l: &&str| match l.trim() {
                "\"zod\": \"^3.25.0\"" => {
                    vec!["        \"react-router-dom\": \"latest\",".to_owned(), (*l).to_owned()]
                }
                "\"node_modules/typescript\": {" => vec![
                    "    \"node_modules/react-router-dom\": {".to_owned(),
                    "      \"version\": \"7.1.1\"".to_owned(),
                    "    },".to_owned(),
                    (*l).to_owned(),
                ],
                _ => vec![(*l).to_owned()],
            };
            lines.iter().flat_map(add).collect()
        });
        w.brings("floating", ("floating-dependencies", "web/package.json", "react-router-dom"));
    });
    s.update("Bump pg from 8.13.1 to 8.14.0", |w| {
        w.replace("api/package.json", "\"pg\": \"^8.13.1\"", "\"pg\": \"^8.14.0\"");
        w.map("api/package-lock.json", |lines| lines.iter().map(|l| l.replace("8.13.1", "8.14.0")).collect());
    });
    s.step("A second one that floats", |w| {
        w.replace("web/package.json", "\"react-dom\": \"^19.0.0\"", "\"react-dom\": \"*\"");
        w.map("web/package-lock.json", |lines| {
            lines.iter().map(|l| l.replace("\"react-dom\": \"^19.0.0\"", "\"react-dom\": \"*\"")).collect()
        });
        w.brings("floating-2", ("floating-dependencies", "web/package.json", "react-dom"));
    });
    s.step("Fix the version of react-dom", |w| {
        w.replace("web/package.json", "\"react-dom\": \"*\"", "\"react-dom\": \"^19.0.0\"");
        w.map("web/package-lock.json", |lines| {
            lines.iter().map(|l| l.replace("\"react-dom\": \"*\"", "\"react-dom\": \"^19.0.0\"")).collect()
        });
        w.fixes("floating-2");
    });
    s.step("Fix the version of the router", |w| {
        for file in ["web/package.json", "web/package-lock.json"] {
            w.replace(file, "\"react-router-dom\": \"latest\"", "\"react-router-dom\": \"^7.1.1\"");
        }
        w.fixes("floating");
    });
    s.step("Queue the mails", |w| {
        w.replace("api/package.json", "\"pino\": ", "\"bullmq\": \"^5.34.0\",\n    \"pino\": ");
        w.brings("out-of-step", ("lockfile-out-of-step", "api/package-lock.json", ""));
    });
    s.step("Write the queue down in the lockfile", |w| {
        w.replace(
            "api/package-lock.json",
            "    \"node_modules/express\": {",
            "    \"node_modules/bullmq\": {\n      \"version\": \"5.34.0\"\n    },\n    \"node_modules/express\": {",
        );
        w.replace("api/package-lock.json", "        \"pino\": ", "        \"bullmq\": \"^5.34.0\",\n        \"pino\": ");
        w.fixes("out-of-step");
    });
    s.step("Use yarn for the page", |w| {
        w.write("web/yarn.lock", "# yarn lockfile v1\n\n\nzod@^3.25.0:\n  version \"3.25.0\"\n");
        w.brings("two-managers", ("conflicting-lockfiles", "web/package.json", ""));
    });
    s.step("Use npm for everything", |w| {
        w.remove("web/yarn.lock").fixes("two-managers");
    });
    s.step("Lockfiles only make conflicts", |w| {
        w.remove("web/package-lock.json");
        w.brings("unlocked", ("no-lockfile", "web/package.json", ""));
    });
    s.revert_last("Revert \"Lockfiles only make conflicts\"");
    s.step("Too many pull requests by the bot", |w| {
        w.remove(".github/dependabot.yml");
        w.brings("no-updates", ("no-dependency-updates", "the repository", ""));
    });
    s.revert_last("Revert \"Too many pull requests by the bot\"");
}
