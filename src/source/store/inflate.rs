//! Inflating with sizes that are known before, into buffers that are used again.

use std::sync::Arc;

use libdeflater::Decompressor;

use super::delta::{Delta, Edits};

/// Why an object can't be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Damaged,
    TooLarge,
}

/// No deflated byte makes more than so many (258 bytes from two bits, and a little for heads).
pub(super) const BLOW_UP: u64 = 1_040;

/// The content of an object. Its buffer may be longer.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) buffer: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The class with which it was looked at, if there was nothing in it.
    pub(super) clean: Option<u32>,
}

impl Content {
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }
}

/// What a thread needs for decoding.
pub(super) struct Tools {
    pub(super) inflater: Decompressor,
    /// Contents that nobody uses any more: their buffers are written already, so taking one costs nothing.
    spare: Vec<Arc<Content>>,
    spare_bytes: usize,
    /// The inflated delta.
    delta: Vec<u8>,
}

/// Larger buffers, and more of them, are given back to the system.
const LARGEST_SPARE: usize = 8 << 20;
const MOST_SPARE: usize = 16 << 20;

impl Default for Tools {
    fn default() -> Tools {
        Tools { inflater: Decompressor::new(), spare: Vec::new(), spare_bytes: 0, delta: Vec::new() }
    }
}

impl Tools {
    /// Room for an object of this size.
    pub(super) fn take(&mut self, size: usize) -> Arc<Content> {
        let mut found = self.spare.pop().unwrap_or_default();
        self.spare_bytes = self.spare_bytes.saturating_sub(found.buffer.len());
        if let Some(content) = Arc::get_mut(&mut found) {
            *content =
                Content { buffer: std::mem::take(&mut content.buffer), start: 0, end: size, clean: None };
            if content.buffer.len() < size {
                // Not resized: what it held need not be copied.
                content.buffer = Vec::new();
                content.buffer = vec![0; roomy(size)];
            }
            return found;
        }
        Arc::new(Content { buffer: vec![0; size], start: 0, end: size, clean: None })
    }

    /// Keeps the buffer, unless somebody else still reads it.
    pub(super) fn give_back(&mut self, mut content: Arc<Content>) {
        let Some(own) = Arc::get_mut(&mut content) else { return };
        let size = own.buffer.len();
        if size <= LARGEST_SPARE && self.spare_bytes + size <= MOST_SPARE {
            self.spare_bytes += size;
            self.spare.push(content);
        }
    }

    /// Inflates an object that stands whole at the start of `deflated`.
    pub(super) fn whole(&mut self, deflated: &[u8], size: u64, cap: u64) -> Result<Arc<Content>, Fault> {
        if size > cap {
            return Err(Fault::TooLarge);
        }
        let size = plausible(deflated, size)?;
        let mut content = self.take(size);
        let out = Arc::get_mut(&mut content).and_then(|content| content.buffer.get_mut(..size));
        match out.map(|out| self.inflater.zlib_decompress(deflated, out)) {
            Some(Ok(inflated)) if inflated == size => Ok(content),
            _ => {
                self.give_back(content);
                Err(Fault::Damaged)
            }
        }
    }

    /// Inflates the delta at the start of `deflated`, and applies it. With `edits`, also says where the object differs.
    pub(super) fn delta(
        &mut self,
        deflated: &[u8],
        size: u64,
        cap: u64,
        base: &[u8],
        edits: Option<&mut Edits>,
    ) -> Result<Arc<Content>, Fault> {
        // git keeps no delta that is larger than its object.
        if size > cap.saturating_add(1_024) {
            return Err(Fault::TooLarge);
        }
        let size = plausible(deflated, size)?;
        if self.delta.len() < size || self.delta.len() > LARGEST_SPARE {
            self.delta = Vec::new();
            self.delta = vec![0; roomy(size)];
        }
        let mut delta = std::mem::take(&mut self.delta);
        let applied = self.applied(deflated, delta.get_mut(..size), cap, base, edits);
        self.delta = delta;
        applied
    }

    fn applied(
        &mut self,
        deflated: &[u8],
        delta: Option<&mut [u8]>,
        cap: u64,
        base: &[u8],
        edits: Option<&mut Edits>,
    ) -> Result<Arc<Content>, Fault> {
        let delta = delta.ok_or(Fault::Damaged)?;
        if self.inflater.zlib_decompress(deflated, delta) != Ok(delta.len()) {
            return Err(Fault::Damaged);
        }
        let delta = Delta::new(delta).ok_or(Fault::Damaged)?;
        if delta.base_size != base.len() as u64 {
            return Err(Fault::Damaged);
        }
        if delta.size > cap {
            return Err(Fault::TooLarge);
        }
        let size = usize::try_from(delta.size).map_err(|_| Fault::TooLarge)?;
        let mut content = self.take(size);
        let out = Arc::get_mut(&mut content).and_then(|content| content.buffer.get_mut(..size));
        if out.and_then(|out| delta.apply(base, out, edits)).is_none() {
            self.give_back(content);
            return Err(Fault::Damaged);
        }
        Ok(content)
    }
}

/// Room for an object that is a little larger too: versions of a file grow.
fn roomy(size: usize) -> usize {
    (size + size / 8).max(4_096)
}

/// The size, if so much can come out of what is there.
fn plausible(deflated: &[u8], size: u64) -> Result<usize, Fault> {
    if size > BLOW_UP.saturating_mul(deflated.len() as u64) {
        return Err(Fault::Damaged);
    }
    usize::try_from(size).map_err(|_| Fault::Damaged)
}
