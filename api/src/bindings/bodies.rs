//! What `binding_create` takes and gives.

use domain::person::masked_name;
use infra::binding::Found;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError, ValidationErrors};

use crate::me::MeOut;

/// By what somebody says who they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
#[schema(example = json!({"method": "phone", "phone_code": "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144"}))]
pub enum BindingIn {
    /// By the phone number that WeChat verified.
    Phone(PhoneIn),
    /// By name and the end of the identity number.
    Name(NameIn),
    /// By an earlier answer with choices.
    Choice(ChoiceIn),
    /// By a printed code.
    Invitation(CodeIn),
    /// By a cadre, who will look at it.
    Request(RequestIn),
}

impl Validate for BindingIn {
    fn validate(&self) -> Result<(), ValidationErrors> {
        match self {
            Self::Phone(by) => by.validate(),
            Self::Name(by) => by.validate(),
            Self::Choice(by) => by.validate(),
            Self::Invitation(by) => by.validate(),
            Self::Request(by) => by.validate(),
        }
    }
}

/// By the phone number that WeChat verified.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneIn {
    /// The code from the button `getPhoneNumber`: good for five minutes and one request.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub(super) phone_code: String,
    /// Who of several with this phone, if that is known already.
    pub(super) villager_id: Option<Uuid>,
}

/// By name and the end of the identity number.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "王秀英", "id_last_six": "12001X"}))]
pub struct NameIn {
    /// The whole name, as on the identity card.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub(super) name: String,
    /// The last six characters of the identity number: digits, the last may be X.
    #[validate(custom(function = "six_characters"))]
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{5}[0-9Xx]$")]
    pub(super) id_last_six: String,
}

fn six_characters(text: &str) -> Result<(), ValidationError> {
    let right = match text.as_bytes() {
        [digits @ .., last] => {
            digits.len() == 5
                && digits.iter().all(u8::is_ascii_digit)
                && (last.is_ascii_digit() || last.eq_ignore_ascii_case(&b'X'))
        }
        [] => false,
    };
    if right { Ok(()) } else { Err(ValidationError::new("five digits, then a digit or X")) }
}

/// By an earlier answer with choices.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceIn {
    /// From the answer with choices: good for ten minutes.
    #[validate(length(min = 1, max = 400))]
    #[schema(min_length = 1, max_length = 400)]
    pub(super) choice_token: String,
    /// Who one is.
    pub(super) villager_id: Uuid,
}

/// By a printed code.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeIn {
    /// Ten letters and digits; capitals, blanks and dashes do not matter.
    #[validate(length(min = 10, max = 40))]
    #[schema(min_length = 10, max_length = 40, example = "7KXM4-GRT9W")]
    pub(super) code: String,
}

/// By a cadre, who will look at it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestIn {
    /// The village that is asked. One request can wait in a village, three in all.
    pub(super) village_id: Uuid,
    /// One's name.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub(super) name: String,
    /// What helps the cadre to know who it is.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub(super) note: String,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "result", rename_all = "snake_case")]
#[schema(example = json!({
    "result": "choose",
    "choices": [{"villager_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "name": "王*英",
        "relation": "户主", "village_name": "云岭村"}],
    "choice_token": "pXkAb…", "expires_at": "2026-10-12T10:10:00+08:00"
}))]
pub enum BindingOut {
    /// The user is bound.
    Bound {
        /// Who one is now.
        me: MeOut,
    },
    /// The code granted a role.
    RoleGranted {
        /// The role.
        #[schema(schema_with = crate::roles::schema)]
        role: &'static str,
        /// Who one is now.
        me: MeOut,
    },
    /// It fits several people: send `choice` with one of them.
    Choose {
        /// Those who are free.
        #[schema(max_items = 20)]
        choices: Vec<ChoiceOut>,
        /// To be sent with the choice.
        #[schema(max_length = 400)]
        choice_token: String,
        /// Until when the token is good.
        expires_at: String,
    },
    /// The request waits for a cadre; `me_show` tells what became of it.
    Waiting {
        /// The request.
        request_id: Uuid,
    },
}

/// Somebody whom one might be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChoiceOut {
    /// Their id.
    villager_id: Uuid,
    /// The name, masked.
    #[schema(example = "王*英")]
    name: String,
    /// Relation to the head of the household.
    #[schema(example = "户主")]
    relation: String,
    /// The village.
    village_name: String,
}

impl From<Found> for ChoiceOut {
    fn from(found: Found) -> Self {
        Self {
            villager_id: found.candidate.villager.0,
            name: masked_name(&found.name),
            relation: found.relation,
            village_name: found.village_name,
        }
    }
}
