//! What `binding_create` takes and gives.

use domain::person::masked_name;
use infra::binding::Found;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError, ValidationErrors};

use crate::body::check_length;
use crate::me::MeOut;

/// By what somebody says who they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({"method": "phone", "phone_code": "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144"}))]
pub enum BindingIn {
    /// By the phone number that WeChat verified.
    Phone {
        /// The code from the button `getPhoneNumber`: good for five minutes and one request.
        #[schema(min_length = 1, max_length = 200)]
        phone_code: String,
        /// Who of several with this phone, if that is known already.
        villager_id: Option<Uuid>,
    },
    /// By name and the end of the identity number.
    Name {
        /// The whole name, as on the identity card.
        #[schema(min_length = 1, max_length = 50)]
        name: String,
        /// The last six characters of the identity number: digits, the last may be X.
        #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{5}[0-9Xx]$")]
        id_last_six: String,
    },
    /// By an earlier answer with choices.
    Choice {
        /// From the answer with choices: good for ten minutes.
        #[schema(min_length = 1, max_length = 400)]
        choice_token: String,
        /// Who one is.
        villager_id: Uuid,
    },
    /// By a printed code.
    Invitation {
        /// Ten letters and digits; capitals, blanks and dashes do not matter.
        #[schema(min_length = 10, max_length = 40, example = "7KXM4-GRT9W")]
        code: String,
    },
    /// By a cadre, who will look at it.
    Request {
        /// The village that is asked. One request can wait in a village, three in all.
        village_id: Uuid,
        /// One's name.
        #[schema(min_length = 1, max_length = 50)]
        name: String,
        /// What helps the cadre to know who it is.
        #[serde(default)]
        #[schema(max_length = 200)]
        note: String,
    },
}

impl Validate for BindingIn {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        match self {
            Self::Phone { phone_code, .. } => {
                check_length(&mut errors, "phone_code", phone_code, 1, 200);
            }
            Self::Name { name, id_last_six } => {
                check_length(&mut errors, "name", name, 1, 50);
                if !six_characters(id_last_six) {
                    let error = ValidationError::new("five digits, then a digit or X");
                    errors.add("id_last_six", error);
                }
            }
            Self::Choice { choice_token, .. } => {
                check_length(&mut errors, "choice_token", choice_token, 1, 400);
            }
            Self::Invitation { code } => check_length(&mut errors, "code", code, 10, 40),
            Self::Request { name, note, .. } => {
                check_length(&mut errors, "name", name, 1, 50);
                check_length(&mut errors, "note", note, 0, 200);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn six_characters(text: &str) -> bool {
    match text.as_bytes() {
        [digits @ .., last] => {
            digits.len() == 5
                && digits.iter().all(u8::is_ascii_digit)
                && (last.is_ascii_digit() || last.eq_ignore_ascii_case(&b'X'))
        }
        [] => false,
    }
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
