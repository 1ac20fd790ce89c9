//! Faults that are accepted with a reason, and others beside them that are not.

use super::{COMPOSE, CONFIG};
use crate::script::Script;

const CACHE: &str = "cache in docker-compose.prod.yml";
const SERVER: &str = "api/src/server.ts";

pub fn chapter(s: &mut Script) {
    // Brought and accepted at once.
    s.step("Trace requests", |w| {
        w.after(
            SERVER,
            "const app = express();",
            "const traces = process.env.TRACE_URL; // vibecheck: ignore[undocumented-settings] the host sets it\nif (traces) app.set(\"traces\", traces);",
        );
        w.brings("env-trace", ("undocumented-settings", "api", "TRACE_URL")).accepts("env-trace");
    });
    s.step("A name for this machine", |w| {
        w.after(SERVER, "if (traces)", "app.set(\"machine\", process.env.MACHINE_NAME);");
        w.brings("env-machine", ("undocumented-settings", "api", "MACHINE_NAME"));
    });
    s.step("Trace from a file of its own", |w| {
        w.cut(SERVER, "if (traces)").cut(SERVER, "const traces");
        w.write(
            "api/src/traces.ts",
            "// vibecheck: ignore[undocumented-settings] the host sets it\nexport const traces = process.env.TRACE_URL;\n",
        );
    });
    s.step("No name for this machine", |w| {
        w.cut(SERVER, "MACHINE_NAME").fixes("env-machine");
    });
    // Brought first, accepted later.
    s.step("Root at the desk, for the scanner's driver", |w| {
        w.cut("desk/Dockerfile", "USER desk");
        w.brings("desk-root", ("container-runs-as-root", "desk/Dockerfile", ""));
    });
    s.step("Accept root at the desk", |w| {
        w.write(
            CONFIG,
            "[[ignore]]\nrule = \"container-runs-as-root\"\npath = \"desk/Dockerfile\"\nreason = \"The driver of the scanner needs it\"\n",
        );
        w.accepts("desk-root");
    });
    s.step("Root in the service as well", |w| {
        w.cut("api/Dockerfile", "USER node");
        w.brings("api-root-2", ("container-runs-as-root", "api/Dockerfile", ""));
    });
    s.step("Another name for the reason", |w| {
        w.replace(CONFIG, "The driver of the scanner needs it", "The scanner's driver writes to /dev");
    });
    s.step("Do not accept root any more", |w| {
        w.remove(CONFIG).counts_again("desk-root");
    });
    s.step("Users in both images", |w| {
        w.after("desk/Dockerfile", "RUN useradd", "USER desk").fixes("desk-root");
        w.after("api/Dockerfile", "ENV NODE_ENV=production", "USER node").fixes("api-root-2");
    });
    s.step("Accept the open cache, until the tunnel is there", |w| {
        w.write(
            CONFIG,
            "[[ignore]]\nrule = \"database-without-password\"\nsubject = \"cache in docker-compose.prod.yml\"\nreason = \"Until the tunnel is there\"\n",
        );
        w.replace(COMPOSE, "\"127.0.0.1:6379:6379\"", "\"6379:6379\"");
        w.brings("cache-port-2", ("database-without-password", CACHE, "6379:6379")).accepts("cache-port-2");
    });
    s.step("The database as well, for the archive", |w| {
        w.after(COMPOSE, "\"15432:5432\"", "      - \"25432:5432\"");
        w.brings("db-port-3", ("database-port-published", "db in docker-compose.prod.yml", "25432"));
    });
    s.step("The tunnel is there", |w| {
        w.remove(CONFIG);
        w.replace(COMPOSE, "\"6379:6379\"", "\"127.0.0.1:6379:6379\"").fixes("cache-port-2");
        w.cut(COMPOSE, "\"25432:5432\"").fixes("db-port-3");
    });
    s.step("No traces", |w| {
        w.remove("api/src/traces.ts").fixes("env-trace");
    });
}
