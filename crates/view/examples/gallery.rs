//! Writes every page in every state, every mail, and the assets into a folder, to be looked at:
//! `cargo run -p view --example gallery -- FOLDER`, then serve FOLDER by any static file server.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use view::{Locale, Recipient, View, assets, samples};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    fs::create_dir_all(folder.join("a"))?;
    for asset in assets::all() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    let view = View::default();
    for locale in Locale::ALL {
        for sample in samples::pages() {
            fs::write(folder.join(format!("{}.{}.html", sample.name, locale.tag())), sample.html(&view, locale)?)?;
        }
        let to = Recipient { brand: "Acme".to_owned(), locale, time_zone: None, hide_details: false };
        for (name, model) in samples::mails() {
            let mail = view.mail(&to, samples::foot(name), &model)?;
            fs::write(folder.join(format!("mail-{name}.{}.html", locale.tag())), mail.html)?;
            fs::write(folder.join(format!("mail-{name}.{}.txt", locale.tag())), mail.text)?;
        }
    }
    Ok(())
}
