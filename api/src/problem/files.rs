//! The words of what is wrong with photos and other files, in Chinese and English.

use domain::refusal::Refusal;

/// The words of a refusal about a file.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::PhotoNotUsable => (
            "照片不存在、不是您上传的或已用在别处,请重新上传。",
            "A photo is unknown, somebody else's or used for something else: upload it anew.",
        ),
        R::PhotoTooMany { photos_max } => {
            return (
                format!("一天内未使用的照片最多{photos_max}张,请先使用已上传的照片。"),
                format!("At most {photos_max} photos a day that are not used for anything."),
            );
        }
        R::PhotoTooLarge { pixels_max, side_max } => {
            let (zh, en) = (pixels_max / 10_000, pixels_max / 1_000_000);
            return (
                format!("照片尺寸太大:最多{zh}万像素,边长不超过{side_max}。请压缩后再上传。"),
                format!(
                    "At most {en} million pixels and {side_max} a side, decodable in little memory."
                ),
            );
        }
        R::HeicNotTaken => (
            "暂不支持 HEIC 格式:请在手机相机设置里选“兼容性最佳”,或压缩后再上传。",
            "HEIC is not taken: set the camera to “most compatible”, or let wx.compressImage convert.",
        ),
        R::LinkInvalid => {
            ("图片链接不对,请返回刷新。", "The link was not made here: get a new one.")
        }
        R::LinkExpired => {
            ("图片链接已过期,请返回刷新。", "The link is out of date: get a new one.")
        }
        R::FileUnreadable => {
            ("文件无法读取,请检查格式。", "The file cannot be read as what it should be.")
        }
        R::FileTypeRefused => {
            ("只接受 JPEG、PNG、WebP 图片。", "Only JPEG, PNG and WebP pictures are taken.")
        }
        R::ImportInvalid { lines } => {
            return (
                format!("有{}处不对,什么都没有导入。请改好后重新上传。", lines.len()),
                format!("{} places are wrong; nothing was imported.", lines.len()),
            );
        }
        R::ImportTooLong { lines_max } => {
            return (
                format!("一次最多导入{lines_max}行。"),
                format!("One import takes {lines_max} lines at most."),
            );
        }
        R::HeaderInvalid { missing, twice } => {
            let named = |zh: &str, en: &str, titles: &[&str]| {
                if titles.is_empty() {
                    return (String::new(), String::new());
                }
                (format!("{zh}{}。", titles.join("、")), format!(" {en}: {}.", titles.join(", ")))
            };
            let (missing_zh, missing_en) = named("缺少", "Missing", missing);
            let (twice_zh, twice_en) = named("重复", "Twice", twice);
            return (
                format!("表头不对。{missing_zh}{twice_zh}"),
                format!("The header is wrong.{missing_en}{twice_en}"),
            );
        }
        other => (other.code(), other.code()),
    };
    (zh.to_owned(), en.to_owned())
}
