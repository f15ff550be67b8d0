//! A bucket of an object store. Its keys are never printed.

use std::fmt;

use opendal::{Operator, services};

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Amazon S3, and whatever speaks as it does (MinIO, Ceph, ...).
    S3,
    /// Tencent Cloud COS.
    Cos,
    /// Alibaba Cloud OSS.
    Oss,
    /// Huawei Cloud OBS.
    Obs,
}

/// A bucket, and the key to it.
#[derive(Clone)]
pub struct Bucket {
    /// Whose it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where it is, such as `https://cos.ap-guangzhou.myqcloud.com`.
    pub endpoint: String,
    /// In which region; only S3 asks.
    pub region: Option<String>,
    /// The folder in it under which all keys lie, such as `/xiangyue`.
    pub folder: String,
    /// The id of the key.
    pub key_id: String,
    /// The key.
    pub key_secret: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, endpoint, .. } = self;
        write!(f, "Bucket({kind:?} {name} at {endpoint}, key hidden)")
    }
}

impl Bucket {
    /// The way to it. Keys come from the settings alone, never from the surroundings: neither from
    /// other variables nor from the cloud's metadata service.
    pub(super) fn operator(&self) -> opendal::Result<Operator> {
        let Self { name, endpoint, folder, key_id, key_secret, .. } = self;
        match self.kind {
            Kind::S3 => Operator::new(
                services::S3::default()
                    .bucket(name)
                    .endpoint(endpoint)
                    .region(self.region.as_deref().unwrap_or("us-east-1"))
                    .root(folder)
                    .access_key_id(key_id)
                    .secret_access_key(key_secret)
                    .disable_config_load(),
            ),
            Kind::Cos => Operator::new(
                services::Cos::default()
                    .bucket(name)
                    .endpoint(endpoint)
                    .root(folder)
                    .secret_id(key_id)
                    .secret_key(key_secret)
                    .disable_config_load(),
            ),
            Kind::Oss => Operator::new(
                services::Oss::default()
                    .bucket(name)
                    .endpoint(endpoint)
                    .root(folder)
                    .access_key_id(key_id)
                    .access_key_secret(key_secret),
            ),
            Kind::Obs => Operator::new(
                services::Obs::default()
                    .bucket(name)
                    .endpoint(endpoint)
                    .root(folder)
                    .access_key_id(key_id)
                    .secret_access_key(key_secret),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(kind: Kind) -> Bucket {
        Bucket {
            kind,
            name: "village-1250000000".into(),
            endpoint: "https://store.example.cn".into(),
            region: None,
            folder: "/xiangyue".into(),
            key_id: "the-id-of-the-key".into(),
            key_secret: "the-key-itself".into(),
        }
    }

    #[test]
    fn every_kind_of_bucket_is_reached_and_no_key_is_printed() {
        for kind in [Kind::S3, Kind::Cos, Kind::Oss, Kind::Obs] {
            let bucket = bucket(kind);
            let operator = bucket.operator().expect("an operator");
            assert_eq!(operator.info().name(), "village-1250000000");
            assert_eq!(operator.info().root(), "/xiangyue/");
            let printed = format!("{bucket:?} {operator:?} {:?}", operator.info());
            assert!(!printed.contains("the-id") && !printed.contains("the-key"), "{printed}");
        }
    }
}
