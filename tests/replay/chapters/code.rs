//! Settings that the code reads, and code that moves.

use crate::script::Script;

const SERVER: &str = "api/src/server.ts";

pub fn chapter(s: &mut Script) {
    s.step("Report errors", |w| {
        w.replace(
            SERVER,
            "app.listen(config.port);",
            "export function report(error: unknown) {\n  if (process.env.ERRORS_URL) console.error(process.env.ERRORS_URL, error);\n}\n\napp.listen(config.port);",
        );
        w.brings("env-errors", ("undocumented-settings", "api", "ERRORS_URL"));
    });
    s.step("A fee that can be set", |w| {
        w.append(
            "api/src/price.ts",
            "\nexport const bookingFee = Number(process.env.BOOKING_FEE_CENTS ?? 150);\n",
        );
        w.brings("env-fee", ("undocumented-settings", "api", "BOOKING_FEE_CENTS"));
    });
    // Code that moves to another file.
    s.step("Errors have a file of their own", |w| {
        w.replace(
            SERVER,
            "export function report(error: unknown) {\n  if (process.env.ERRORS_URL) console.error(process.env.ERRORS_URL, error);\n}\n\n",
            "",
        );
        w.write(
            "api/src/errors.ts",
            "export function report(error: unknown) {\n  if (process.env.ERRORS_URL) console.error(process.env.ERRORS_URL, error);\n}\n",
        );
    });
    // Code that moves within its file.
    s.step("The fee first", |w| {
        let fee = "export const bookingFee = Number(process.env.BOOKING_FEE_CENTS ?? 150);\n";
        w.replace("api/src/price.ts", &format!("\n{fee}"), "");
        let text = format!("{fee}\n{}", w.text("api/src/price.ts"));
        w.write("api/src/price.ts", &text);
    });
    // The line of the fault is edited, and reads the same setting.
    s.step("A higher fee", |w| {
        w.replace("api/src/price.ts", "?? 150", "?? 175");
    });
    s.step("Write the address for errors down", |w| {
        w.append("api/.env.example", "ERRORS_URL=\n").fixes("env-errors");
    });
    s.step("Prices are in a folder of their own", |w| {
        w.rename("api/src/price.ts", "api/src/prices/total.ts");
        w.rename("api/src/price.test.ts", "api/src/prices/total.test.ts");
        w.replace("api/src/prices/total.test.ts", "./price.js", "./total.js");
        w.replace("api/src/load.test.ts", "./price.js", "./prices/total.js");
    });
    s.step("Write the fee down", |w| {
        w.append("api/.env.example", "BOOKING_FEE_CENTS=175\n").fixes("env-fee");
    });
    s.step("Which page is open", |w| {
        w.append(
            "web/src/api.ts",
            "\nexport const siteName: string = import.meta.env.VITE_SITE_NAME ?? \"Ferryline\";\n",
        );
        w.brings("env-site", ("undocumented-settings", "web", "VITE_SITE_NAME"));
    });
    s.step("Break the line of the site's name", |w| {
        w.replace(
            "web/src/api.ts",
            "export const siteName: string = import.meta.env.VITE_SITE_NAME ?? \"Ferryline\";",
            "export const siteName: string =\n  import.meta.env.VITE_SITE_NAME ?? \"Ferryline\";",
        );
    });
    s.step("Write the site's name down", |w| {
        w.append("web/.env.example", "VITE_SITE_NAME=Ferryline\n").fixes("env-site");
    });
    s.step("See what is wrong at the desk", |w| {
        w.replace("desk/desk/settings.py", "DEBUG = False", "DEBUG = True");
        w.brings("debug", ("debug-mode-in-production", "django debug in desk/desk/settings.py", ""));
    });
    s.step("Another host for the desk", |w| {
        w.replace(
            "desk/desk/settings.py",
            "\"desk.ferryline.test\"]",
            "\"desk.ferryline.test\", \"crew.ferryline.test\"]",
        );
    });
    s.step("The project of the desk is called crew", |w| {
        for file in ["__init__.py", "settings.py", "wsgi.py"] {
            w.rename(&format!("desk/desk/{file}"), &format!("desk/crew/{file}"));
        }
        for file in ["desk/crew/wsgi.py", "desk/manage.py", "desk/pytest.ini"] {
            w.replace(file, "desk.settings", "crew.settings");
        }
        w.replace("desk/Dockerfile", "desk.wsgi", "crew.wsgi");
        w.moves("debug", ("debug-mode-in-production", "django debug in desk/crew/settings.py", ""));
    });
    s.step("Nothing is wrong at the desk", |w| {
        w.replace("desk/crew/settings.py", "DEBUG = True", "DEBUG = False").fixes("debug");
    });
    s.step("The project of the desk is called desk after all", |w| {
        for file in ["__init__.py", "settings.py", "wsgi.py"] {
            w.rename(&format!("desk/crew/{file}"), &format!("desk/desk/{file}"));
        }
        for file in ["desk/desk/wsgi.py", "desk/manage.py", "desk/pytest.ini"] {
            w.replace(file, "crew.settings", "desk.settings");
        }
        w.replace("desk/Dockerfile", "crew.wsgi", "desk.wsgi");
    });
    s.step("A test page", |w| {
        w.write(
            "web/dist/index.html",
            "<!doctype html><script src=\"/assets/index-B1c2D3e4.js\"></script>\n",
        );
        w.write("web/dist/assets/index-B1c2D3e4.js", &format!("{}\n", "(()=>{var a=1;a+=1})();".repeat(80)));
        w.brings("build-output", ("tracked-build-output", "web/dist", ""));
    });
    s.step("Another build of the test page", |w| {
        w.write("web/dist/assets/index-B1c2D3e4.js", &format!("{}\n", "(()=>{var b=2;b+=2})();".repeat(90)));
    });
    s.step("No builds here", |w| {
        w.remove("web/dist/index.html").remove("web/dist/assets/index-B1c2D3e4.js").fixes("build-output");
    });
    s.step("Commit what is local as well", |w| {
        w.cut(".gitignore", ".env.*").replace(".gitignore", ".env\n", "").cut(".gitignore", "!.env.example");
        w.brings("env-open", ("gitignore-misses-secrets", "the repository", ""));
    });
    s.step("Ignore what is local", |w| {
        w.append(".gitignore", ".env\n.env.*\n!.env.example\n").fixes("env-open");
    });
    s.step("A shorter README", |w| {
        w.write("README.md", "# Ferryline\n\nTickets for small ferry companies.\n");
        w.brings("no-setup", ("no-setup-instructions", "the repository", ""));
    });
    s.revert_last("Revert \"A shorter README\"");
}
