//! A table or collection as the app declares it to what maps its rows.

/// One table or collection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// As the app calls it where it asks for rows.
    pub name: String,
    /// Its columns, in the order in which they are declared.
    pub columns: Vec<Column>,
}

/// One column, or one relation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// As the app calls it.
    pub name: String,
    /// The model or table whose row it names; `""` for what is a plain value.
    pub names: String,
    /// Whether it is a list of rows elsewhere that name this one: nothing of it is kept here.
    pub is_list: bool,
}
