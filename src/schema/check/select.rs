//! Which of several functions or operators is meant (`func_select_candidate` of `parse_func.c`).

use crate::schema::catalogue::{Catalogue, Ty};

use super::Context;

/// What the choice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// None fits.
    None,
    /// This one.
    One(usize),
    /// Several fit equally well.
    Several,
}

impl Catalogue {
    /// Chooses among candidates, each with as many types as there are inputs.
    pub(super) fn choose(&self, inputs: &[Ty], candidates: &[Vec<Ty>]) -> Choice {
        if let Some(exact) = candidates.iter().position(|c| c.as_slice() == inputs) {
            return Choice::One(exact);
        }
        let mut left: Vec<usize> = (0..candidates.len())
            .filter(|i| candidates.get(*i).is_some_and(|c| self.all_coercible(inputs, c)))
            .collect();
        match left.as_slice() {
            [] => return Choice::None,
            [one] => return Choice::One(*one),
            _ => {}
        }
        if inputs.iter().any(|ty| ty.is_any()) {
            return left.first().map_or(Choice::None, |first| Choice::One(*first));
        }
        let bases: Vec<Ty> = inputs.iter().map(|ty| self.base(*ty)).collect();
        let at = |i: usize| candidates.get(i).map(Vec::as_slice).unwrap_or_default();

        // The most exact matches; then the most that are exact or preferred.
        let exact = |i: usize| at(i).iter().zip(&bases).filter(|(a, b)| **b != Ty::UNKNOWN && a == b).count();
        left = best(left, exact);
        if let [one] = left.as_slice() {
            return Choice::One(*one);
        }
        let preferred = |i: usize| {
            let pairs = at(i).iter().zip(&bases);
            pairs
                .filter(|(a, b)| {
                    **b != Ty::UNKNOWN
                        && (a == b || self.category(**b).0 == self.category(**a).0 && self.category(**a).1)
                })
                .count()
        };
        left = best(left, preferred);
        if let [one] = left.as_slice() {
            return Choice::One(*one);
        }
        if !bases.contains(&Ty::UNKNOWN) {
            return Choice::Several;
        }
        left = self.by_category(left, &bases, candidates);
        if let [one] = left.as_slice() {
            return Choice::One(*one);
        }
        // All that are known have one type: take the unknown ones for that.
        let mut known = bases.iter().filter(|ty| **ty != Ty::UNKNOWN);
        if let Some(first) = known.next()
            && known.all(|ty| ty == first)
        {
            let same: Vec<Ty> = vec![*first; bases.len()];
            let fitting: Vec<usize> =
                left.iter().copied().filter(|i| self.all_coercible(&same, at(*i))).collect();
            if let [one] = fitting.as_slice() {
                return Choice::One(*one);
            }
        }
        Choice::Several
    }

    /// Where an input is an open literal, strings are preferred, or the one category that all candidates agree on.
    fn by_category(&self, left: Vec<usize>, bases: &[Ty], candidates: &[Vec<Ty>]) -> Vec<usize> {
        let at = |i: usize, position: usize| {
            candidates.get(i).and_then(|c| c.get(position)).copied().unwrap_or(Ty::ANY)
        };
        let mut wanted: Vec<Option<(char, bool)>> = vec![None; bases.len()];
        for (position, slot) in wanted.iter_mut().enumerate() {
            if bases.get(position) != Some(&Ty::UNKNOWN) {
                continue;
            }
            let categories: Vec<(char, bool)> =
                left.iter().map(|i| self.category(at(*i, position))).collect();
            let Some(first) = categories.first() else { return left };
            let category = if categories.iter().any(|c| c.0 == 'S') {
                'S'
            } else if categories.iter().all(|c| c.0 == first.0) {
                first.0
            } else {
                return left;
            };
            *slot = Some((category, categories.iter().any(|c| c.0 == category && c.1)));
        }
        let fitting: Vec<usize> = left
            .iter()
            .copied()
            .filter(|i| {
                wanted.iter().enumerate().all(|(position, want)| match want {
                    None => true,
                    Some((category, preferred)) => {
                        let (is, is_preferred) = self.category(at(*i, position));
                        is == *category && (!preferred || is_preferred)
                    }
                })
            })
            .collect();
        if fitting.is_empty() { left } else { fitting }
    }

    fn all_coercible(&self, inputs: &[Ty], candidate: &[Ty]) -> bool {
        inputs.iter().zip(candidate).all(|(from, to)| self.coercible(*from, *to, Context::Implicit))
            && self.polymorphic_consistent(inputs, candidate)
    }

    /// All `anyelement`s and elements of `anyarray`s must be one type.
    fn polymorphic_consistent(&self, inputs: &[Ty], candidate: &[Ty]) -> bool {
        let mut element: Option<Ty> = None;
        let mut family: Option<char> = None;
        for (from, to) in inputs.iter().zip(candidate) {
            if *from == Ty::UNKNOWN || from.is_any() {
                continue;
            }
            let base =
                if matches!(*to, Ty::ANYARRAY | Ty::ANYCOMPATIBLEARRAY) { self.base(*from) } else { *from };
            match *to {
                Ty::ANYELEMENT | Ty::ANYNONARRAY | Ty::ANYENUM | Ty::ANYARRAY => {
                    let this = if *to == Ty::ANYARRAY { base.element() } else { base };
                    if *element.get_or_insert(this) != this {
                        return false;
                    }
                }
                Ty::ANYCOMPATIBLE | Ty::ANYCOMPATIBLENONARRAY | Ty::ANYCOMPATIBLEARRAY => {
                    let this = if *to == Ty::ANYCOMPATIBLEARRAY { base.element() } else { base };
                    let category = self.category(this).0;
                    if *family.get_or_insert(category) != category {
                        return false;
                    }
                }
                _ => {}
            }
        }
        true
    }

    /// What a polymorphic result is, given the inputs.
    pub(super) fn polymorphic_result(&self, result: Ty, inputs: &[Ty], candidate: &[Ty]) -> Ty {
        if !result.is_polymorphic() {
            return result;
        }
        let mut element = None;
        for (from, to) in inputs.iter().zip(candidate) {
            if *from == Ty::UNKNOWN || from.is_any() {
                continue;
            }
            let from = self.base(*from);
            match *to {
                Ty::ANYARRAY | Ty::ANYCOMPATIBLEARRAY if from.array => {
                    element = element.or(Some(from.element()))
                }
                Ty::ANYELEMENT
                | Ty::ANYNONARRAY
                | Ty::ANYENUM
                | Ty::ANYCOMPATIBLE
                | Ty::ANYCOMPATIBLENONARRAY => {
                    element = element.or(Some(from));
                }
                _ => {}
            }
        }
        match (result, element) {
            (_, None) => Ty::ANY,
            (Ty::ANYARRAY | Ty::ANYCOMPATIBLEARRAY, Some(element)) => element.array_of(),
            (
                Ty::ANYELEMENT
                | Ty::ANYNONARRAY
                | Ty::ANYENUM
                | Ty::ANYCOMPATIBLE
                | Ty::ANYCOMPATIBLENONARRAY,
                Some(e),
            ) => e,
            _ => Ty::ANY,
        }
    }
}

fn best(left: Vec<usize>, score: impl Fn(usize) -> usize) -> Vec<usize> {
    let top = left.iter().map(|i| score(*i)).max().unwrap_or(0);
    left.into_iter().filter(|i| score(*i) == top).collect()
}
