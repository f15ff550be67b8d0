//! Whoever has to wait does, and goes on; and what is held at a time has its limit.

use std::time::Duration;

use actix_web::rt::spawn;
use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::{sleep, timeout};

use super::*;

const PICTURE: &[u8] = include_bytes!("../../../../../photo-intake/tests/fixtures/baseline.jpg");
/// Longer than such a picture takes, on any machine that runs tests.
const WHILE: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(60);

fn begin(decoders: &Decoders, bytes: usize) -> JoinHandle<Result<Taken, Error>> {
    let (decoders, upload) = (decoders.clone(), Upload::of(PICTURE, bytes));
    spawn(async move { decoders.take(upload).await })
}

async fn end(taking: JoinHandle<Result<Taken, Error>>) {
    let taken = timeout(LONG, taking).await.expect("in time").expect("no panic");
    assert_eq!(taken.expect("a picture").picture.width, 48);
}

fn free(decoders: &Decoders) -> [usize; 3] {
    [&decoders.slots, &decoders.files, &decoders.memory].map(|of| of.available_permits())
}

/// With all of it held by somebody else nothing is taken, and then it is.
async fn is_waited_for(of: impl Fn(&Decoders) -> &Arc<Semaphore>) {
    let decoders = Decoders::new(2);
    let before = free(&decoders);
    let all = of(&decoders).available_permits();
    let held = turn(of(&decoders), all).await.expect("all of it");
    let mut taking = begin(&decoders, PICTURE.len());
    assert!(timeout(WHILE, &mut taking).await.is_err(), "it did not wait");
    drop(held);
    end(taking).await;
    assert_eq!(free(&decoders), before, "everything is given back");
}

#[actix_web::test]
async fn a_picture_waits_for_memory_and_is_taken_when_there_is_some() {
    is_waited_for(|decoders| &decoders.memory).await;
}

#[actix_web::test]
async fn a_picture_waits_for_a_slot_and_is_taken_when_there_is_one() {
    is_waited_for(|decoders| &decoders.slots).await;
}

#[actix_web::test]
async fn a_picture_waits_before_its_file_is_read_and_is_taken_when_there_is_room() {
    is_waited_for(|decoders| &decoders.files).await;
}

#[actix_web::test]
async fn of_many_large_files_at_once_few_are_read_however_many_slots_there_are() {
    let decoders = Decoders::new(64);
    let held = turn(&decoders.memory, MEMORY_MIB).await.expect("all memory");
    let taking: Vec<_> = (0..32).map(|_| begin(&decoders, 10 * MIB)).collect();
    for _ in 0..100 {
        sleep(Duration::from_millis(10)).await;
        if free(&decoders)[0] == 32 {
            break;
        }
    }
    sleep(WHILE).await;
    // The seventh holds what six leave, and waits for the rest of its ten.
    assert_eq!(free(&decoders), [32, 0, 0]);
    drop(held);
    for one in taking {
        end(one).await;
    }
    assert_eq!(free(&decoders), [64, FILES_MIB, MEMORY_MIB]);
}

#[actix_web::test]
async fn what_is_refused_gives_its_turn_back() {
    let decoders = Decoders::new(1);
    let before = free(&decoders);
    let refused = decoders.take(Upload::of(b"no picture", 10)).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::FileTypeRefused))), "{refused:?}");
    assert_eq!(free(&decoders), before);
}
