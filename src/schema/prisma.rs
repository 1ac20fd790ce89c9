//! The models of a `schema.prisma` (<https://www.prisma.io/docs/orm/reference/prisma-schema-reference>).

use super::model::{Column, Model};

/// The models of a schema, in the order of the text. What is no model (enums, generators, types that are kept within
/// rows) is left out.
pub fn models(text: &str) -> Vec<Model> {
    let mut models: Vec<Model> = Vec::new();
    let mut within: Option<Model> = None;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        match within.as_mut() {
            None => {
                let mut words = line.split_whitespace();
                if matches!(words.next(), Some("model" | "view"))
                    && let Some(name) = words.next()
                    && line.ends_with('{')
                    && name != "{"
                {
                    let name = name.trim_end_matches('{').to_owned();
                    within = Some(Model { name, columns: Vec::new() });
                }
            }
            Some(_) if line.starts_with('}') => models.extend(within.take()),
            Some(model) => model.columns.extend(column(line)),
        }
    }
    let names: Vec<String> = models.iter().map(|model| model.name.clone()).collect();
    for column in models.iter_mut().flat_map(|model| &mut model.columns) {
        if !names.contains(&column.names) {
            column.names.clear();
        }
    }
    models
}

/// `author User @relation(…)`, `posts Post[]`, `title String?`.
fn column(line: &str) -> Option<Column> {
    let mut words = line.split_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    if name.starts_with('@') {
        return None;
    }
    let plain = kind.trim_end_matches(['?', ']', '[']);
    Some(Column { name: name.to_owned(), names: plain.to_owned(), is_list: kind.ends_with("[]") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_have_columns_and_relations() {
        let text = "datasource db {\n  provider = \"postgresql\"\n}\n\nenum Role {\n  ADMIN\n}\n\n\
            model Post {\n  id Int @id // the key\n  title String?\n  role Role\n  author User @relation(fields: [authorId], references: [id])\n\
            authorId Int\n  tags String[]\n  @@map(\"posts\")\n}\nmodel User {\n  id Int\n  posts Post[]\n}\n";
        let found = models(text);
        let told: Vec<String> = found
            .iter()
            .flat_map(|model| {
                model.columns.iter().map(|c| format!("{}.{}>{}{}", model.name, c.name, c.names, c.is_list))
            })
            .collect();
        assert_eq!(
            told,
            [
                "Post.id>false",
                "Post.title>false",
                "Post.role>false",
                "Post.author>Userfalse",
                "Post.authorId>false",
                "Post.tags>true",
                "User.id>false",
                "User.posts>Posttrue",
            ]
        );
    }

    #[test]
    fn what_ends_too_early_is_left_out() {
        assert_eq!(models("model A {\n  id Int\n"), []);
        assert_eq!(models("model\nmodel {\n}\n"), []);
    }
}
