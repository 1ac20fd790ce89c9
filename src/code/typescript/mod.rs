//! TypeScript and JavaScript. The only folder that names `oxc`.
