//! Which documents a statement is about.

/// A part of a pattern of paths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// `users`
    Text(String),
    /// `{userId}`: one part, whatever it is.
    One(String),
    /// `{rest=**}`: any number of parts.
    Many(String),
}

/// A pattern of paths.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(pub Vec<Segment>);

impl Pattern {
    /// Whether every path that `other` is about is one that this is about.
    pub fn covers(&self, other: &Pattern) -> bool {
        // Whether `self.0[i..]` covers `other.0[j..]`, from the ends; patterns are short.
        let (own, its) = (&self.0, &other.0);
        let width = its.len() + 1;
        let mut table = vec![false; (own.len() + 1) * width];
        for i in (0..=own.len()).rev() {
            for j in (0..=its.len()).rev() {
                let at = |i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(false);
                let covered = match (own.get(i), its.get(j)) {
                    (None, None) => true,
                    (None, Some(_)) => false,
                    (Some(Segment::Many(_)), None) => at(i + 1, j),
                    (Some(Segment::Many(_)), Some(_)) => at(i + 1, j) || at(i, j + 1),
                    (Some(_), None) => false,
                    (Some(Segment::One(_)), Some(Segment::Many(_))) => false,
                    (Some(Segment::One(_)), Some(_)) => at(i + 1, j + 1),
                    (Some(Segment::Text(a)), Some(Segment::Text(b))) => a == b && at(i + 1, j + 1),
                    (Some(Segment::Text(_)), Some(_)) => false,
                };
                if let Some(slot) = table.get_mut(i * width + j) {
                    *slot = covered;
                }
            }
        }
        table.first().copied().unwrap_or(false)
    }

    /// Whether it is about everything.
    pub fn is_everything(&self) -> bool {
        !self.0.iter().any(|segment| matches!(segment, Segment::Text(_)))
            && self.0.iter().any(|segment| matches!(segment, Segment::Many(_)))
    }

    /// The last fixed name: the collection or folder that it is about; `""` for none.
    pub fn collection(&self) -> &str {
        let name = |segment: &&Segment| matches!(segment, Segment::Text(_));
        match self.0.iter().rev().find(name) {
            Some(Segment::Text(text)) => text,
            _ => "",
        }
    }

    /// Its names of what a path holds.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::One(name) | Segment::Many(name) => Some(name.as_str()),
            Segment::Text(_) => None,
        })
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("/");
        }
        for segment in &self.0 {
            match segment {
                Segment::Text(text) => write!(f, "/{text}")?,
                Segment::One(name) if name.starts_with('$') => write!(f, "/{name}")?,
                Segment::One(name) => write!(f, "/{{{name}}}")?,
                Segment::Many(name) => write!(f, "/{{{name}=**}}")?,
            }
        }
        Ok(())
    }
}
