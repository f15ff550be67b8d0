//! Texts and photos: asked about at WeChat, held for a person, shown only when nothing is against it.

mod photos;
mod pushes;
mod queue;
mod texts;
mod workers;
