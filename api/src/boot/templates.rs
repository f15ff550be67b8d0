//! The templates of subscribe messages: the operator's file, or those of the demo.

use std::path::Path;
use std::sync::Arc;

use infra::messages::templates::{BadTemplates, Templates};

use super::Failed;
use crate::settings::Settings;

/// Reads the file that the settings name. Without one the demo sign-in, whose WeChat is the stand-in,
/// has templates of its own; anybody else sends none.
pub(super) fn load(settings: &Settings) -> Result<Arc<Templates>, Failed> {
    let templates = match &settings.wechat_templates {
        Some(path) => read(path)?,
        None if settings.demo_sign_in => Templates::of_demo()?,
        None => {
            tracing::warn!("no WECHAT_TEMPLATES: people read their messages in the list alone");
            Templates::none()
        }
    };
    Ok(Arc::new(templates))
}

fn read(path: &Path) -> Result<Templates, Failed> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failed(format!("cannot read WECHAT_TEMPLATES {name}: {error}")))?;
    Templates::parse(&text).map_err(|BadTemplates(faults)| {
        let lines = faults.iter().map(|fault| format!("\n  {name}:{}: {}", fault.line, fault.text));
        Failed(format!("WECHAT_TEMPLATES cannot be used:{}", lines.collect::<String>()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn load_with(args: &[&str]) -> Result<Arc<Templates>, Failed> {
        load(&Line::parse_from([&["xiangyue"], args].concat()).settings)
    }

    #[test]
    fn a_bad_file_is_told_with_its_name_and_every_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("templates.toml");
        let option = format!("--wechat-templates={}", path.display());
        let missing = load_with(&[&option]).unwrap_err().0;
        assert!(missing.contains("templates.toml") && missing.contains("cannot read"), "{missing}");
        let text = "state = \"beta\"\n[[template]]\nid = \"t\"\ntitle = \"a\"\nkinds = [\"news\"]\n\
            [template.fields]\nthing1 = \"{nothing}\"\n";
        std::fs::write(&path, text).unwrap();
        let bad = load_with(&[&option]).unwrap_err().0;
        assert!(bad.contains("templates.toml:1: ") && bad.contains("templates.toml:5: "), "{bad}");
    }

    #[test]
    fn the_demo_has_templates_and_an_installation_without_a_file_has_none() {
        assert!(!load_with(&[]).unwrap().each().is_empty());
        assert!(load_with(&["--demo-sign-in=false"]).unwrap().each().is_empty());
    }
}
