//! Images and what runs them.

use super::COMPOSE;
use crate::script::Script;

const API: &str = "api/Dockerfile";
const DESK: &str = "desk/Dockerfile";
const CACHE: &str = "cache in docker-compose.prod.yml";
const DB: &str = "db in docker-compose.prod.yml";

pub fn chapter(s: &mut Script) {
    s.step("Look into the cache from the office", |w| {
        w.after(COMPOSE, "image: redis:7.4", "    ports:\n      - \"6379:6379\"");
        w.brings("cache-port", ("database-without-password", CACHE, "6379"));
    });
    s.step("Run as root until the volume is sorted out", |w| {
        w.cut(API, "USER node");
        w.brings("api-root", ("container-runs-as-root", API, ""));
    });
    s.step("The port of the cache for this machine only", |w| {
        w.replace(COMPOSE, "\"6379:6379\"", "\"127.0.0.1:6379:6379\"").fixes("cache-port");
    });
    s.step("Back to the node user", |w| {
        w.after(API, "ENV NODE_ENV=production", "USER node").fixes("api-root");
    });
    // A fault and a fix in one commit.
    s.step("Reach the database from the laptop; write the sender down", |w| {
        w.after(COMPOSE, "image: postgres:16.4", "    ports:\n      - \"5432:5432\"");
        w.brings("db-port", ("database-port-published", DB, "5432"));
        w.append("api/.env.example", "MAIL_FROM=crew@ferryline.test\n").fixes("env-mail");
    });
    // Two faults in one commit.
    s.step("Try the newest node, with reload", |w| {
        w.replace(API, "FROM node:22.12-alpine\n", "FROM node:latest\n");
        w.brings("api-unpinned", ("unpinned-image", API, ""));
        w.replace(API, "CMD [\"node\", \"dist/server.js\"]", "CMD [\"npm\", \"run\", \"dev\"]");
        w.brings("api-dev", ("dev-server-in-production", API, ""));
    });
    // A second fault of the same root cause, while the first is known.
    s.step("Another port of the database, for the report tool", |w| {
        w.after(COMPOSE, "- \"5432:5432\"", "      - \"15432:5432\"");
        w.brings("db-port-2", ("database-port-published", DB, "15432"));
    });
    s.step("Start what was built", |w| {
        w.replace(API, "CMD [\"npm\", \"run\", \"dev\"]", "CMD [\"node\", \"dist/server.js\"]")
            .fixes("api-dev");
    });
    s.step("Take the first port of the database back", |w| {
        w.cut(COMPOSE, "- \"5432:5432\"").fixes("db-port");
    });
    s.step("Pin the image to what was tested", |w| {
        let digest = "a7f3c1".repeat(10) + "beef";
        w.replace(API, "FROM node:latest\n", &format!("FROM node:22.12-alpine@sha256:{digest}\n"));
        w.fixes("api-unpinned");
    });
    s.step("Only what the desk needs in its image", |w| {
        w.write("desk/.dockerignore", "__pycache__\n.env\n.env.*\n.git\n*.sqlite3\n").fixes("desk-folder");
    });
    s.step("The desk is a user again", |w| {
        w.after(DESK, "RUN useradd", "USER desk").fixes("desk-root");
    });
    // The same mistake, elsewhere.
    s.step("An image for the nightly mails", |w| {
        w.write(
            "api/mailer.Dockerfile",
            "FROM node:22.12-alpine\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\nCOPY dist ./dist\nCMD [\"node\", \"dist/server.js\", \"--mails\"]\n",
        );
        w.brings("mailer-root", ("container-runs-as-root", "api/mailer.Dockerfile", ""));
    });
    s.step("Reformat the command of the mailer", |w| {
        w.replace(
            "api/mailer.Dockerfile",
            "CMD [\"node\", \"dist/server.js\", \"--mails\"]",
            "CMD [ \"node\", \"dist/server.js\",  \"--mails\" ]",
        );
    });
    s.step("Put the mailer's image beside its own notes", |w| {
        w.rename("api/mailer.Dockerfile", "api/mailer/Dockerfile");
        w.write("api/mailer/README.md", "# The mailer\n\nSends what the night has gathered.\n");
        w.moves("mailer-root", ("container-runs-as-root", "api/mailer/Dockerfile", ""));
    });
    s.step("The mailer as node", |w| {
        w.after("api/mailer/Dockerfile", "COPY dist", "USER node").fixes("mailer-root");
    });
    s.step("Only one machine over the winter", |w| {
        w.replace("api/fly.toml", "min_machines_running = 2", "min_machines_running = 1");
        w.brings("one-machine", ("single-instance", "ferryline-api in api/fly.toml", ""));
    });
    s.step("Check more often", |w| {
        w.replace("api/fly.toml", "interval = \"15s\"", "interval = \"10s\"");
        w.replace("api/fly.toml", "timeout = \"2s\"", "timeout = \"1s\"");
    });
    s.step("Two machines for the season", |w| {
        w.replace("api/fly.toml", "min_machines_running = 1", "min_machines_running = 2")
            .fixes("one-machine");
    });
    s.step("A queue for the boarding passes", |w| {
        w.after(
            COMPOSE,
            "services:",
            "  queue:\n    image: rabbitmq\n    restart: always\n    ports:\n      - \"5672:5672\"",
        );
        w.brings("queue-unpinned", ("unpinned-image", "queue in docker-compose.prod.yml", ""));
        w.brings("queue-port", ("database-port-published", "queue in docker-compose.prod.yml", "5672"));
    });
    s.step("The queue keeps to itself", |w| {
        w.replace(
            COMPOSE,
            "    image: rabbitmq\n    restart: always\n    ports:\n      - \"5672:5672\"",
            "    image: rabbitmq\n    restart: always",
        );
        w.fixes("queue-port");
    });
    s.step("A version for the queue", |w| {
        w.replace(COMPOSE, "image: rabbitmq", "image: rabbitmq:4.0.5").fixes("queue-unpinned");
    });
    // A service gets another name: what was open stays open.
    s.step("Call the test inbox by its name", |w| {
        w.replace(COMPOSE, "  inbox:", "  mailpit:");
        w.moves("inbox-unpinned", ("unpinned-image", "mailpit in docker-compose.prod.yml", ""));
    });
}
