//! Packs written byte by byte, as git never would.

use std::fs;
use std::path::Path;

use git2::{ObjectType, Oid};
use libdeflater::{CompressionLvl, Compressor};

/// A pack and its index in the making. The checksums are not computed: nothing that reads here computes them either.
pub(super) struct PackWriter {
    bytes: Vec<u8>,
    entries: Vec<([u8; 20], u64)>,
}

impl PackWriter {
    pub(super) fn new() -> PackWriter {
        let mut bytes = b"PACK".to_vec();
        bytes.extend(2u32.to_be_bytes());
        bytes.extend(0u32.to_be_bytes());
        PackWriter { bytes, entries: Vec::new() }
    }

    /// Where the next object will begin.
    pub(super) fn offset(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn blob(&mut self, content: &[u8]) -> [u8; 20] {
        let id = blob_id(content);
        self.entry(id, 3, content.len() as u64, &[], &deflated(content));
        id
    }

    /// A delta of the object at an offset.
    pub(super) fn offset_delta(&mut self, id: [u8; 20], base: u64, delta: &[u8]) {
        let mut back = self.offset() - base;
        let mut encoded = vec![(back & 0x7f) as u8];
        back >>= 7;
        while back > 0 {
            back -= 1;
            encoded.insert(0, (back & 0x7f) as u8 | 0x80);
            back >>= 7;
        }
        self.entry(id, 6, delta.len() as u64, &encoded, &deflated(delta));
    }

    /// A delta of the object with an id.
    pub(super) fn reference_delta(&mut self, id: [u8; 20], base: [u8; 20], delta: &[u8]) {
        self.entry(id, 7, delta.len() as u64, &base, &deflated(delta));
    }

    /// Anything.
    pub(super) fn entry(&mut self, id: [u8; 20], form: u8, size: u64, base: &[u8], data: &[u8]) {
        self.listed(id, self.offset());
        let mut rest = size >> 4;
        let mut byte = form << 4 | (size & 0x0f) as u8;
        while rest > 0 {
            self.bytes.push(byte | 0x80);
            byte = (rest & 0x7f) as u8;
            rest >>= 7;
        }
        self.bytes.push(byte);
        self.bytes.extend(base);
        self.bytes.extend(data);
    }

    /// An object that the index has, wherever.
    pub(super) fn listed(&mut self, id: [u8; 20], offset: u64) {
        self.entries.push((id, offset));
    }

    /// Writes both files into a repository.
    pub(super) fn write(mut self, repository: &Path, name: &str) {
        let count = (self.entries.len() as u32).to_be_bytes();
        self.bytes[8..12].copy_from_slice(&count);
        let checksum = [0xcc; 20];
        self.bytes.extend(checksum);
        self.entries.sort();
        let mut index = b"\xfftOc\0\0\0\x02".to_vec();
        for first in 0..=255u8 {
            let up_to = self.entries.iter().filter(|(id, _)| id[0] <= first).count() as u32;
            index.extend(up_to.to_be_bytes());
        }
        self.entries.iter().for_each(|(id, _)| index.extend(id));
        self.entries.iter().for_each(|_| index.extend([0; 4]));
        let mut long = Vec::new();
        for (_, offset) in &self.entries {
            if *offset < 0x8000_0000 {
                index.extend((*offset as u32).to_be_bytes());
            } else {
                index.extend((0x8000_0000 | (long.len() / 8) as u32).to_be_bytes());
                long.extend(offset.to_be_bytes());
            }
        }
        index.extend(long);
        index.extend(checksum);
        index.extend([0xdd; 20]);
        let folder = repository.join(".git/objects/pack");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("pack-{name}.pack")), self.bytes).unwrap();
        fs::write(folder.join(format!("pack-{name}.idx")), index).unwrap();
    }
}

pub(super) fn blob_id(content: &[u8]) -> [u8; 20] {
    Oid::hash_object(ObjectType::Blob, content).unwrap().as_bytes().try_into().unwrap()
}

pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut out = vec![0; compressor.zlib_compress_bound(bytes.len())];
    let length = compressor.zlib_compress(bytes, &mut out).unwrap();
    out.truncate(length);
    out
}

/// A size as deltas have it.
pub(super) fn varint(mut size: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (size & 0x7f) as u8;
        size >>= 7;
        if size == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A delta that keeps the first `keep` bytes of its base, and adds its own.
pub(super) fn appending(base: usize, keep: usize, own: &[u8]) -> Vec<u8> {
    let mut delta = varint(base as u64);
    delta.extend(varint((keep + own.len()) as u64));
    let mut copied = 0;
    while copied < keep {
        let length = (keep - copied).min(0xffff);
        delta.push(0x80 | 0x0f | 0x30);
        delta.extend((copied as u32).to_le_bytes());
        delta.extend(&(length as u32).to_le_bytes()[..2]);
        copied += length;
    }
    for part in own.chunks(127) {
        delta.push(part.len() as u8);
        delta.extend(part);
    }
    delta
}
