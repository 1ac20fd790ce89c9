//! The same mistakes again, some at their old place and some elsewhere, several at a time.

use super::{CI, COMPOSE, DEPLOY};
use crate::script::Script;

pub fn chapter(s: &mut Script) {
    s.step("More to look at the data with", |w| {
        w.after(
            COMPOSE,
            "services:",
            "  adminer:\n    image: adminer\n  grafana:\n    image: grafana/grafana:latest\n  loki:\n    image: grafana/loki:latest",
        );
        w.brings("adminer", ("unpinned-image", "adminer in docker-compose.prod.yml", ""));
        w.brings("grafana", ("unpinned-image", "grafana in docker-compose.prod.yml", ""));
        w.brings("loki", ("unpinned-image", "loki in docker-compose.prod.yml", ""));
    });
    s.step("Fixed versions for two of them", |w| {
        w.replace(COMPOSE, "image: adminer", "image: adminer:4.8.1").fixes("adminer");
        w.replace(COMPOSE, "image: grafana/grafana:latest", "image: grafana/grafana:11.4.0").fixes("grafana");
    });
    s.step("Settings everywhere", |w| {
        w.append("api/src/db.ts", "\nexport const slowQuery = Number(process.env.SLOW_QUERY_MS ?? 500);\n");
        w.append("web/src/api.ts", "\nexport const theme: string = import.meta.env.VITE_THEME ?? \"sea\";\n");
        w.append("desk/desk/settings.py", "LANGUAGE_CODE = os.environ.get(\"DESK_LANGUAGE\", \"en\")\n");
        w.brings("env-slow", ("undocumented-settings", "api", "SLOW_QUERY_MS"));
        w.brings("env-theme", ("undocumented-settings", "web", "VITE_THEME"));
        w.brings("env-language", ("undocumented-settings", "desk", "DESK_LANGUAGE"));
    });
    s.step("The same setting at a second place", |w| {
        w.append(
            "api/src/crossings.ts",
            "\nexport const patience = Number(process.env.SLOW_QUERY_MS ?? 500) * 2;\n",
        );
    });
    s.step("Write the settings down", |w| {
        w.append("api/.env.example", "SLOW_QUERY_MS=500\n").fixes("env-slow");
        w.append("web/.env.example", "VITE_THEME=sea\n").fixes("env-theme");
        w.append("desk/.env.example", "DESK_LANGUAGE=en\n").fixes("env-language");
    });
    s.step("Requests at the desk, whichever", |w| {
        w.append("desk/requirements.txt", "requests\n");
        w.brings("desk-unlocked", ("no-lockfile", "desk/requirements.txt", ""));
    });
    s.update("Bump django from 5.1.4 to 5.1.5", |w| {
        w.replace("desk/requirements.txt", "django==5.1.4", "django==5.1.5");
    });
    s.step("A version of requests", |w| {
        w.replace("desk/requirements.txt", "requests\n", "requests==2.32.3\n").fixes("desk-unlocked");
    });
    s.step("Tell the channel about failures", |w| {
        let step = "      - uses: rtCamp/action-slack-notify@v2\n        if: failure()";
        w.after(CI, "- run: pytest", step).after(DEPLOY, "- run: npm test --prefix api", step);
        w.brings("slack-ci", ("unpinned-ci-actions", "the repository", "action-slack-notify"));
        w.brings("slack-deploy", ("unpinned-ci-actions", "the repository", "action-slack-notify"));
    });
    s.step("Tell the channel about tests only", |w| {
        w.replace(DEPLOY, "      - uses: rtCamp/action-slack-notify@v2\n        if: failure()\n", "");
        w.fixes("slack-deploy");
    });
    s.step("Do not tell the channel", |w| {
        w.replace(CI, "      - uses: rtCamp/action-slack-notify@v2\n        if: failure()\n", "")
            .fixes("slack-ci");
    });
    s.step("One machine again", |w| {
        w.replace("api/fly.toml", "min_machines_running = 2", "min_machines_running = 1");
        w.brings("one-machine-2", ("single-instance", "ferryline-api in api/fly.toml", ""));
    });
    s.step("The newest node again, and two machines", |w| {
        w.replace("api/fly.toml", "min_machines_running = 1", "min_machines_running = 2")
            .fixes("one-machine-2");
        w.replace(
            "api/Dockerfile",
            "FROM node:22.12-alpine AS build",
            "FROM node:22.12-alpine AS build\nLABEL app=api",
        );
        w.map("api/Dockerfile", |lines| {
            let plain = |l: &&str| {
                if l.contains("@sha256:") { "FROM node:latest".to_owned() } else { (*l).to_owned() }
            };
            lines.iter().map(plain).collect()
        });
        w.brings("api-unpinned-2", ("unpinned-image", "api/Dockerfile", ""));
    });
    s.step("Node 22", |w| {
        w.replace("api/Dockerfile", "FROM node:latest", "FROM node:22.12-alpine").fixes("api-unpinned-2");
    });
    s.step("A version for the logs", |w| {
        w.replace(COMPOSE, "image: grafana/loki:latest", "image: grafana/loki:3.3.2").fixes("loki");
    });
    s.step("The report tool has the archive", |w| {
        w.cut(COMPOSE, "\"15432:5432\"");
        w.replace(COMPOSE, "    ports:\n    restart: always\n", "    restart: always\n").fixes("db-port-2");
    });
}
