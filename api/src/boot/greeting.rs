//! What the program prints when it is ready: where it listens, and how to sign in to the demo.

use std::net::SocketAddr;

use infra::demo::{For, Home, PEOPLE};

use crate::settings::{Mode, Settings};

/// Prints the greeting to standard output.
pub(super) fn print(settings: &Settings, address: SocketAddr) {
    println!("Xiangyue 乡约 listens on http://{address}");
    println!("  API           http://{address}/v1");
    println!("  documentation http://{address}/docs/   document http://{address}/openapi.json");
    if settings.mode == Mode::Demo && settings.demo_sign_in {
        println!("\nDemo sign-ins (a code works as often as you like):");
        for person in PEOPLE {
            let role = match person.role {
                For::Nothing if person.home == Home::Elsewhere => "on no roster",
                For::Nothing if person.bound => "villager",
                For::Nothing => "not bound yet",
                For::Village(role) | For::OtherVillage(role) | For::Town(role) => role.as_str(),
                For::County(role) | For::Shop(role) | For::Platform(role) => role.as_str(),
            };
            println!("  demo-{:<16} {role:<16} {}", person.key, person.name);
        }
        println!(
            "\n  curl -s http://{address}/v1/sessions -H 'content-type: application/json' \\\n    \
             -d '{{\"code\":\"demo-villager\"}}'"
        );
    }
    println!("\nCtrl-C stops it.");
}
