//! From names of files and folders to blocks of whole lines.

mod blocks;
mod compression;
mod discover;

pub(crate) use blocks::{Block, Blocks, Content, FileRecord};
pub(crate) use discover::{Discovered, Trouble, discover};
