//! The tables as diesel sees them: written by `diesel print-schema`, see migrations/README.md.

diesel::table! {
    accounts (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        household_id -> Uuid,
        villager_id -> Nullable<Uuid>,
        score -> BigInt,
        points -> BigInt,
        star_credit -> BigInt,
        version -> BigInt,
        stars -> SmallInt,
        stars_cycle -> Nullable<Text>,
        alias -> Bytea,
    }
}

diesel::table! {
    agreements (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        merchant_id -> Uuid,
        from_day -> Date,
        until_day -> Nullable<Date>,
        categories -> Array<Text>,
        weekdays -> SmallInt,
        from_minute -> SmallInt,
        until_minute -> SmallInt,
        bearer -> Text,
        discount_by_star -> Array<SmallInt>,
        price_ceiling -> BigInt,
        account_daily_ceiling -> BigInt,
        merchant_daily_ceiling -> BigInt,
        confirm_above -> Nullable<BigInt>,
        refund_days_max -> SmallInt,
        made_by -> Uuid,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    arrears (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        since -> BigInt,
        amount -> BigInt,
        open -> BigInt,
        takings -> SmallInt,
        counter -> SmallInt,
        source -> SmallInt,
        source_id -> Uuid,
        source_posting -> SmallInt,
        rule_book_id -> Nullable<Uuid>,
        item_code -> Nullable<Text>,
        happened_on -> Date,
        reverses -> Nullable<Uuid>,
        noted_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        at -> Timestamptz,
        user_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        action -> Text,
        subject_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        detail -> Nullable<Jsonb>,
    }
}

diesel::table! {
    binding_requests (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        note -> Text,
        requested_at -> Timestamptz,
        state -> Text,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        villager_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    brake_looks (village_id) {
        village_id -> Uuid,
        look_on -> Date,
        warned_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    brake_confirmations (village_id, policy_id) {
        village_id -> Uuid,
        policy_id -> Uuid,
        confirmed_by -> Uuid,
        confirmed_at -> Timestamptz,
    }
}

diesel::table! {
    brake_policies (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        warn_below -> Int4,
        brake_below -> Int4,
        issued -> Int2,
        notice_days -> Int2,
        set_by -> Uuid,
        set_by_villager -> Nullable<Uuid>,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    brakes (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        from_day -> Date,
        until_day -> Nullable<Date>,
        issued -> Int2,
        held -> Int8,
        owed -> Int8,
        announced_at -> Timestamptz,
        lifted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    cards (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        number_hash -> Bytea,
        pin_hash -> Text,
        daily_ceiling -> BigInt,
        tries_left -> SmallInt,
        issued_by -> Uuid,
        issued_at -> Timestamptz,
        blocked_at -> Nullable<Timestamptz>,
        blocked_why -> Nullable<Text>,
    }
}

diesel::table! {
    claim_duties (village_id, claim_id) {
        village_id -> Uuid,
        claim_id -> Uuid,
        duty_id -> Uuid,
    }
}

diesel::table! {
    claim_events (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        claim_id -> Uuid,
        event -> Text,
        state -> Text,
        stage -> SmallInt,
        user_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        reason -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    claim_photos (village_id, claim_id, photo_id) {
        village_id -> Uuid,
        claim_id -> Uuid,
        photo_id -> Uuid,
    }
}

diesel::table! {
    claims (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        household_id -> Uuid,
        person_id -> Uuid,
        account_id -> Uuid,
        rule_book_id -> Uuid,
        item_code -> Text,
        kind -> Text,
        measure -> Jsonb,
        happened_on -> Date,
        text -> Text,
        claimed_by -> Uuid,
        via -> Jsonb,
        second_recorder_id -> Nullable<Uuid>,
        state -> Text,
        stage -> SmallInt,
        round -> SmallInt,
        stage_due_at -> Nullable<Timestamptz>,
        asked -> BigInt,
        granted -> Nullable<BigInt>,
        adjustments -> Jsonb,
        deed_id -> Nullable<Uuid>,
        doer_id -> Nullable<Uuid>,
        repaired_on -> Nullable<Date>,
        counts_until -> Nullable<Date>,
        cure_until -> Nullable<Date>,
        notice_id -> Nullable<Uuid>,
        postings -> SmallInt,
        posted_at -> Nullable<Timestamptz>,
        version -> Integer,
        submitted_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    content_checks (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        author_id -> Nullable<Uuid>,
        scene -> Nullable<Text>,
        text -> Nullable<Text>,
        photo_id -> Nullable<Uuid>,
        state -> Text,
        held_for -> Nullable<Text>,
        label -> Nullable<Integer>,
        answer_until -> Timestamptz,
        submitted_at -> Timestamptz,
        heard_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Uuid>,
        decided_role -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    content_traces (trace_id) {
        trace_id -> Text,
        village_id -> Nullable<Uuid>,
        check_id -> Nullable<Uuid>,
        asked_at -> Nullable<Timestamptz>,
        answer -> Nullable<Text>,
        label -> Nullable<Integer>,
        answered_at -> Nullable<Timestamptz>,
        counted -> Nullable<Bool>,
    }
}

diesel::table! {
    divisions (id) {
        id -> Uuid,
        code -> Text,
        level -> Text,
        name -> Text,
        county_id -> Uuid,
        town_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    duties (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        villager_id -> Uuid,
        source -> Text,
        post_id -> Nullable<Uuid>,
        colour -> Nullable<Text>,
        period -> Nullable<Text>,
        text -> Text,
        from_day -> Date,
        until_day -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        consent -> Nullable<Jsonb>,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
        ended_by -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        ended_why -> Nullable<Text>,
        outcome -> Nullable<Text>,
        outcome_why -> Nullable<Text>,
        outcome_by -> Nullable<Uuid>,
        outcome_role -> Nullable<Text>,
        outcome_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    duty_posts (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        name -> Text,
        description -> Text,
        tracks -> Array<Text>,
        item_codes -> Array<Text>,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        opened_by -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    eligibility_entries (village_id, list_id, account_id) {
        village_id -> Uuid,
        list_id -> Uuid,
        account_id -> Uuid,
        household_id -> Uuid,
        reasons -> Jsonb,
    }
}

diesel::table! {
    eligibility_findings (village_id, list_id, account_id) {
        village_id -> Uuid,
        list_id -> Uuid,
        account_id -> Uuid,
        reasons -> Jsonb,
    }
}

diesel::table! {
    eligibility_lists (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        purpose -> Text,
        title -> Text,
        conditions -> Jsonb,
        as_of -> Timestamptz,
        made_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    entries (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        account_version -> BigInt,
        purse -> SmallInt,
        amount -> BigInt,
        balance_after -> BigInt,
        counter -> SmallInt,
        source -> SmallInt,
        source_id -> Uuid,
        source_posting -> SmallInt,
        rule_book_id -> Nullable<Uuid>,
        item_code -> Nullable<Text>,
        happened_on -> Date,
        member_id -> Nullable<Uuid>,
        part -> Nullable<SmallInt>,
        counts_until -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_by -> Nullable<Uuid>,
        reverses -> Nullable<Uuid>,
    }
}

diesel::table! {
    expiries (village_id, year) {
        village_id -> Uuid,
        year -> Integer,
        id -> Uuid,
        look_on -> Date,
        warned_after -> Nullable<Uuid>,
        warned_at -> Nullable<Timestamptz>,
        warned_rule_book_id -> Nullable<Uuid>,
        rule_book_id -> Nullable<Uuid>,
        expired_after -> Nullable<Uuid>,
        accounts -> BigInt,
        points -> BigInt,
        finished_at -> Nullable<Timestamptz>,
    }
}

// The fund
diesel::table! {
    fund_accounts (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        name -> Text,
        balance -> Int8,
        version -> Int8,
        opened_by -> Uuid,
        opened_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    fund_entries (village_id, account_id, account_version) {
        village_id -> Uuid,
        account_id -> Uuid,
        account_version -> Int8,
        voucher_id -> Uuid,
        amount -> Int8,
        balance_after -> Int8,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    fund_statements (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        period -> Text,
        state -> Text,
        figures -> Jsonb,
        drawn_by -> Uuid,
        drawn_by_villager -> Nullable<Uuid>,
        drawn_at -> Timestamptz,
        notice_id -> Nullable<Uuid>,
        published_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    fund_vouchers (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        number -> Int4,
        kind -> Text,
        account_id -> Uuid,
        to_account_id -> Nullable<Uuid>,
        amount -> Int8,
        party -> Text,
        party_shown -> Text,
        purpose -> Text,
        document -> Text,
        happened_on -> Date,
        settles_id -> Nullable<Uuid>,
        returned -> Bool,
        corrects_id -> Nullable<Uuid>,
        state -> Text,
        made_by -> Uuid,
        made_by_villager -> Nullable<Uuid>,
        made_at -> Timestamptz,
        checked_by -> Nullable<Uuid>,
        checked_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    goods (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        store_id -> Uuid,
        name -> Text,
        unit -> Text,
        text -> Text,
        category -> Text,
        label -> Nullable<Text>,
        kind -> Text,
        price -> BigInt,
        top_up -> BigInt,
        market_price -> BigInt,
        limit_count -> Nullable<Integer>,
        limit_period -> Nullable<Text>,
        on_sale_from -> Date,
        on_sale_until -> Nullable<Date>,
        stock -> Integer,
        reserved -> Integer,
        stock_version -> BigInt,
        version -> Integer,
        made_by -> Uuid,
        made_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    goods_counts (village_id, goods_id, household_id, period) {
        village_id -> Uuid,
        goods_id -> Uuid,
        household_id -> Uuid,
        period -> Text,
        count -> Integer,
    }
}

diesel::table! {
    goods_slots (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        goods_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        capacity -> Integer,
        taken -> Integer,
        place -> Text,
        made_by -> Uuid,
        made_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    grids (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        level -> Text,
        name -> Text,
        parent_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    holidays (day) {
        day -> Date,
        kind -> Text,
    }
}

diesel::table! {
    households (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        number -> Text,
        head_id -> Nullable<Uuid>,
        grid_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (user_id, key) {
        user_id -> Uuid,
        key -> Text,
        request_hash -> Bytea,
        answer -> Jsonb,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        code_hash -> Bytea,
        village_id -> Nullable<Uuid>,
        villager_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        division_id -> Nullable<Uuid>,
        merchant_id -> Nullable<Uuid>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_by -> Nullable<Uuid>,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    kinships (village_id, villager_id, kin_id) {
        village_id -> Uuid,
        villager_id -> Uuid,
        kin_id -> Uuid,
        relation -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    list_entries (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        list -> Text,
        fact -> Text,
        fact_id -> Uuid,
        account_id -> Nullable<Uuid>,
        stars -> Nullable<SmallInt>,
        household_id -> Uuid,
        person_id -> Uuid,
        title -> Text,
        happened_on -> Date,
        words -> Text,
        standing -> Text,
        proposed_by -> Uuid,
        proposed_at -> Timestamptz,
        state -> Text,
        decided_at -> Nullable<Timestamptz>,
        consented_at -> Nullable<Timestamptz>,
        consent -> Nullable<Jsonb>,
        shown_until -> Nullable<Date>,
        removal_asked_at -> Nullable<Timestamptz>,
        removal_by -> Nullable<Jsonb>,
        removal_text -> Nullable<Text>,
        removal_due_at -> Nullable<Timestamptz>,
        removal_urged_at -> Nullable<Timestamptz>,
        removal_answered_at -> Nullable<Timestamptz>,
        removal_answered_by -> Nullable<Uuid>,
        removal_answer -> Nullable<Text>,
        ended_at -> Nullable<Timestamptz>,
        ended_why -> Nullable<Text>,
        looked_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    marks (village_id, claim_id, recorded_at) {
        village_id -> Uuid,
        claim_id -> Uuid,
        account_id -> Uuid,
        member_id -> Uuid,
        kind -> Text,
        stars -> Nullable<SmallInt>,
        from_day -> Date,
        until_day -> Date,
        recorded_at -> Timestamptz,
        struck_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    merchant_applications (id) {
        id -> Uuid,
        division_id -> Uuid,
        name -> Text,
        kind -> Text,
        category -> Text,
        address -> Text,
        phone -> Text,
        hours -> Text,
        link -> Nullable<Text>,
        latitude_e6 -> Nullable<Integer>,
        longitude_e6 -> Nullable<Integer>,
        contact -> Text,
        text -> Text,
        applied_by -> Uuid,
        applied_by_villager -> Nullable<Uuid>,
        applied_at -> Timestamptz,
        state -> Text,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        merchant_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    merchants (id) {
        id -> Uuid,
        division_id -> Uuid,
        name -> Text,
        address -> Text,
        phone -> Text,
        kind -> Text,
        category -> Text,
        link -> Nullable<Text>,
        registered_by -> Uuid,
        registered_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        paused_from -> Nullable<Date>,
        paused_until -> Nullable<Date>,
        paused_by -> Nullable<Text>,
        paused_why -> Nullable<Text>,
    }
}

diesel::table! {
    messages (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        villager_id -> Uuid,
        kind -> Text,
        data -> Jsonb,
        sent_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    notices (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        number -> Integer,
        rating_id -> Nullable<Uuid>,
        payout_id -> Nullable<Uuid>,
        fund_statement_id -> Nullable<Uuid>,
        brake_id -> Nullable<Uuid>,
        opens_at -> Timestamptz,
        closes_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        opened_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    objections (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        household_id -> Nullable<Uuid>,
        claim_id -> Nullable<Uuid>,
        rating_id -> Nullable<Uuid>,
        payout_id -> Nullable<Uuid>,
        fund_statement_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        notice_id -> Nullable<Uuid>,
        raised_by -> Uuid,
        raised_at -> Timestamptz,
        text -> Text,
        due_at -> Timestamptz,
        urged_at -> Nullable<Timestamptz>,
        answered_by -> Nullable<Uuid>,
        answered_role -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        corrected -> Nullable<BigInt>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    outbox (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        subject_id -> Uuid,
        put_at -> Timestamptz,
        due_at -> Timestamptz,
        attempts -> SmallInt,
        lease_id -> Nullable<Uuid>,
        leased_until -> Nullable<Timestamptz>,
        done_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        dead_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    payout_handovers (village_id, payout_id, account_id, number) {
        village_id -> Uuid,
        payout_id -> Uuid,
        account_id -> Uuid,
        number -> SmallInt,
        reverses -> Bool,
        how -> Text,
        received_by -> Text,
        note -> Text,
        handed_out_by -> Uuid,
        handed_out_by_villager -> Nullable<Uuid>,
        handed_out_at -> Timestamptz,
    }
}

diesel::table! {
    payout_lines (village_id, payout_id, reckoning, account_id) {
        village_id -> Uuid,
        payout_id -> Uuid,
        reckoning -> SmallInt,
        account_id -> Uuid,
        household_id -> Uuid,
        place -> Integer,
        points -> BigInt,
        rank -> Nullable<Integer>,
        fen -> BigInt,
        title -> Nullable<Text>,
        goods -> Nullable<Text>,
        left_out -> Nullable<Text>,
        used_up -> BigInt,
    }
}

diesel::table! {
    payout_reckonings (village_id, payout_id, number) {
        village_id -> Uuid,
        payout_id -> Uuid,
        number -> SmallInt,
        as_of -> Timestamptz,
        total -> BigInt,
        reckoned_at -> Timestamptz,
        notice_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    payouts (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        title -> Text,
        from_day -> Date,
        until_day -> Date,
        terms -> Jsonb,
        reckoning -> SmallInt,
        as_of -> Timestamptz,
        state -> Text,
        total -> BigInt,
        unsettled_claims -> Integer,
        fund_short -> BigInt,
        resolution -> Nullable<Jsonb>,
        voted_reckoning -> Nullable<SmallInt>,
        notice_days -> Nullable<SmallInt>,
        notice_id -> Nullable<Uuid>,
        published_by -> Nullable<Uuid>,
        published_by_villager -> Nullable<Uuid>,
        renewed -> Bool,
        made_by -> Uuid,
        made_by_villager -> Nullable<Uuid>,
        made_at -> Timestamptz,
        effective_at -> Nullable<Timestamptz>,
        fund_account_id -> Nullable<Uuid>,
        document -> Nullable<Text>,
        fund_voucher_id -> Nullable<Uuid>,
        paid_by -> Nullable<Uuid>,
        paid_at -> Nullable<Timestamptz>,
        withdrawn_reason -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    photo_files (village_id, sha256) {
        village_id -> Uuid,
        sha256 -> Bytea,
        bytes -> Integer,
        unneeded_since -> Nullable<Timestamptz>,
        removing_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    photos (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        sha256 -> Bytea,
        bytes -> Integer,
        width -> Integer,
        height -> Integer,
        thumbnail_sha256 -> Bytea,
        uploaded_by -> Nullable<Uuid>,
        uploaded_at -> Timestamptz,
        owner_id -> Nullable<Uuid>,
        attached_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    pickup_tries (village_id, store_id, user_id) {
        village_id -> Uuid,
        store_id -> Uuid,
        user_id -> Uuid,
        wrong -> SmallInt,
        since -> Timestamptz,
    }
}

diesel::table! {
    purchase_days (village_id, subject_id, day) {
        village_id -> Uuid,
        subject_id -> Uuid,
        day -> Date,
        discount -> BigInt,
    }
}

diesel::table! {
    purchase_signals (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        day -> Date,
        kind -> Text,
        account_id -> Uuid,
        merchant_id -> Uuid,
        count -> BigInt,
        line -> SmallInt,
        price -> BigInt,
        discount -> BigInt,
        made_at -> Timestamptz,
        finding -> Nullable<Text>,
        found_text -> Nullable<Text>,
        found_by -> Nullable<Uuid>,
        found_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    purchases (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        merchant_id -> Uuid,
        shop_id -> Uuid,
        agreement_id -> Uuid,
        quote_id -> Uuid,
        category -> Text,
        account_id -> Uuid,
        stars -> SmallInt,
        discount_bp -> SmallInt,
        account_daily_ceiling -> BigInt,
        price -> BigInt,
        discount -> BigInt,
        limited_by -> Nullable<Text>,
        bearer -> Text,
        credit_left -> BigInt,
        state -> Text,
        entry_id -> Nullable<Uuid>,
        sold_by -> Uuid,
        made_at -> Timestamptz,
        completed_at -> Nullable<Timestamptz>,
        refunded_at -> Nullable<Timestamptz>,
        refunded_by -> Nullable<Uuid>,
        refund_reason -> Nullable<Text>,
    }
}

diesel::table! {
    quotes (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        merchant_id -> Uuid,
        shop_id -> Uuid,
        account_id -> Uuid,
        card_id -> Nullable<Uuid>,
        stars -> SmallInt,
        agreement_ids -> Array<Uuid>,
        discounts_bp -> Array<SmallInt>,
        account_daily_ceilings -> Array<BigInt>,
        quoted_by -> Uuid,
        quoted_at -> Timestamptz,
        valid_until -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rating_lines (village_id, rating_id, account_id) {
        village_id -> Uuid,
        rating_id -> Uuid,
        account_id -> Uuid,
        household_id -> Uuid,
        score -> BigInt,
        stars -> SmallInt,
        track -> Nullable<Text>,
        grade -> Nullable<Text>,
        direct_grade_id -> Nullable<Uuid>,
        excluded -> Nullable<Text>,
        rated_members -> Nullable<Array<Uuid>>,
        head_id -> Nullable<Uuid>,
        state -> Text,
        corrected_as_of -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    ratings (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        cycle -> Text,
        rule_book_id -> Uuid,
        as_of -> Timestamptz,
        state -> Text,
        stage -> SmallInt,
        stage_due_at -> Nullable<Timestamptz>,
        notice_id -> Nullable<Uuid>,
        computed_by -> Uuid,
        effective_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    recusals (village_id, subject_id, user_id) {
        village_id -> Uuid,
        subject_id -> Uuid,
        user_id -> Uuid,
        reason -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    redemptions (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        store_id -> Uuid,
        goods_id -> Uuid,
        slot_id -> Nullable<Uuid>,
        account_id -> Uuid,
        household_id -> Uuid,
        goods_name -> Text,
        unit -> Text,
        quantity -> Integer,
        points -> BigInt,
        top_up -> BigInt,
        worth -> BigInt,
        state -> Text,
        code -> Nullable<Text>,
        counted_in -> Nullable<Text>,
        card_id -> Nullable<Uuid>,
        card_worth -> Nullable<BigInt>,
        lapse_returns -> Bool,
        refund_days -> SmallInt,
        lapses_at -> Timestamptz,
        tell_at -> Timestamptz,
        told_at -> Nullable<Timestamptz>,
        cancel_until -> Timestamptz,
        redeemed_by -> Uuid,
        redeemed_at -> Timestamptz,
        handed_over_by -> Nullable<Uuid>,
        handed_over_at -> Nullable<Timestamptz>,
        cash_taken -> Nullable<BigInt>,
        ended_by -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    repairs (village_id, claim_id) {
        village_id -> Uuid,
        claim_id -> Uuid,
        repaired_on -> Date,
        counts_until -> Date,
        reason -> Text,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    report_categories (village_id, kind, code) {
        village_id -> Uuid,
        kind -> Text,
        code -> Text,
        name -> Text,
        position -> SmallInt,
    }
}

diesel::table! {
    report_claims (village_id, report_id) {
        village_id -> Uuid,
        report_id -> Uuid,
        claim_id -> Uuid,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    report_comments (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        report_id -> Uuid,
        event_id -> Nullable<Uuid>,
        by_part -> Text,
        user_id -> Nullable<Uuid>,
        text -> Text,
        standing -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    report_events (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        report_id -> Uuid,
        event -> Text,
        state -> Text,
        by_part -> Text,
        user_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    report_parties (village_id, report_id, party_id) {
        village_id -> Uuid,
        report_id -> Uuid,
        party_id -> Uuid,
        villager_id -> Nullable<Uuid>,
        household_id -> Uuid,
        part -> Text,
        consent -> Text,
        answered_at -> Nullable<Timestamptz>,
        answers -> SmallInt,
    }
}

diesel::table! {
    report_reporters (village_id, report_id) {
        village_id -> Uuid,
        report_id -> Uuid,
        user_id -> Uuid,
        villager_id -> Uuid,
        household_id -> Uuid,
        reported_at -> Timestamptz,
        confirmed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    reports (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        category -> Text,
        category_name -> Text,
        datum -> Text,
        latitude_e6 -> Integer,
        longitude_e6 -> Integer,
        cell -> BigInt,
        place -> Text,
        text -> Text,
        state -> Text,
        standing -> Text,
        worker_user_id -> Nullable<Uuid>,
        worker_id -> Nullable<Uuid>,
        grid_id -> Nullable<Uuid>,
        due_at -> Nullable<Timestamptz>,
        urged_at -> Nullable<Timestamptz>,
        overdue_told -> Bool,
        joined_to -> Nullable<Uuid>,
        shown_at -> Nullable<Timestamptz>,
        submitted_at -> Timestamptz,
        changed_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    role_grants (id) {
        id -> Uuid,
        role -> Text,
        division_id -> Nullable<Uuid>,
        merchant_id -> Nullable<Uuid>,
        shop_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        village_id -> Nullable<Uuid>,
        villager_id -> Nullable<Uuid>,
        begins_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        reason -> Text,
        granted_by -> Nullable<Uuid>,
        granted_at -> Timestamptz,
        ended_by -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rule_books (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        number -> Integer,
        name -> Text,
        book -> Nullable<Jsonb>,
        layer -> Nullable<Jsonb>,
        state -> Text,
        in_force_from -> Nullable<Date>,
        resolution -> Nullable<Jsonb>,
        pledges -> Nullable<Jsonb>,
        county_layer_id -> Nullable<Uuid>,
        town_layer_id -> Nullable<Uuid>,
        carried_from -> Nullable<Uuid>,
        written_by -> Uuid,
        written_at -> Timestamptz,
        adopted_by -> Nullable<Uuid>,
        adopted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rule_layers (division_id, id) {
        division_id -> Uuid,
        id -> Uuid,
        number -> Integer,
        name -> Text,
        layer -> Jsonb,
        state -> Text,
        in_force_from -> Nullable<Date>,
        issued_by_order -> Nullable<Jsonb>,
        written_by -> Uuid,
        written_at -> Timestamptz,
        adopted_by -> Nullable<Uuid>,
        adopted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        refresh_hash -> Bytea,
        client -> Text,
        began_at -> Timestamptz,
        refreshed_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        revoked_why -> Nullable<Text>,
    }
}

// Statements, settlement and signals
diesel::table! {
    settlement_calendars (village_id) {
        village_id -> Uuid,
        open_from -> Timestamptz,
        close_due_at -> Timestamptz,
        look_day -> Date,
        look_due_at -> Timestamptz,
    }
}

diesel::table! {
    settlement_steps (village_id, settlement_id, version) {
        village_id -> Uuid,
        settlement_id -> Uuid,
        version -> Integer,
        step -> Text,
        by_user -> Uuid,
        role -> Text,
        at -> Timestamptz,
        text -> Nullable<Text>,
        voucher_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    settlements (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        party -> Text,
        party_id -> Uuid,
        month -> Text,
        sales_count -> BigInt,
        sales_price -> BigInt,
        sales_owed -> BigInt,
        sales_given -> BigInt,
        sales_cash -> BigInt,
        sales_points -> BigInt,
        sales_ledger -> BigInt,
        refunds_count -> BigInt,
        refunds_price -> BigInt,
        refunds_owed -> BigInt,
        refunds_given -> BigInt,
        refunds_cash -> BigInt,
        refunds_points -> BigInt,
        refunds_ledger -> BigInt,
        unequal -> BigInt,
        ledger_net -> Nullable<BigInt>,
        net -> BigInt,
        carried_in -> BigInt,
        due -> BigInt,
        carried_out -> BigInt,
        state -> Text,
        dispute -> Text,
        made_by -> Nullable<Uuid>,
        made_at -> Timestamptz,
        approved_by -> Nullable<Uuid>,
        hands -> Nullable<Jsonb>,
        version -> Integer,
    }
}

diesel::table! {
    settlement_proposals (village_id, settlement_id) {
        village_id -> Uuid,
        settlement_id -> Uuid,
        cure -> Text,
        by_user -> Uuid,
        by_villager -> Nullable<Uuid>,
        at -> Timestamptz,
        reason -> Text,
    }
}

diesel::table! {
    shops (id) {
        id -> Uuid,
        merchant_id -> Uuid,
        name -> Text,
        address -> Text,
        phone -> Text,
        hours -> Text,
        latitude_e6 -> Nullable<Integer>,
        longitude_e6 -> Nullable<Integer>,
        opened_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    signal_lines (village_id) {
        village_id -> Uuid,
        lines -> Jsonb,
        set_by -> Uuid,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    star_proof_readings (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        proof_id -> Uuid,
        reader -> Text,
        stars -> SmallInt,
        at -> Timestamptz,
    }
}

diesel::table! {
    star_proofs (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        household_id -> Uuid,
        account_id -> Uuid,
        purpose -> Text,
        scope -> Jsonb,
        made_by -> Uuid,
        made_at -> Timestamptz,
        valid_until -> Timestamptz,
        readings_max -> Int2,
        readings -> Int2,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    stock_entries (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        goods_id -> Uuid,
        version -> BigInt,
        kind -> Text,
        stock -> Integer,
        reserved -> Integer,
        stock_after -> Integer,
        reserved_after -> Integer,
        redemption_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        at -> Timestamptz,
        by_user -> Nullable<Uuid>,
    }
}

// The points store
diesel::table! {
    stores (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        name -> Text,
        address -> Text,
        hours -> Text,
        phone -> Text,
        merchant_id -> Nullable<Uuid>,
        lapse_days -> SmallInt,
        lapse_returns -> Bool,
        cancel_days -> Nullable<SmallInt>,
        refund_days -> SmallInt,
        wrong_codes -> SmallInt,
        wrong_codes_since -> Nullable<Timestamptz>,
        opened_by -> Uuid,
        opened_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    subscription_grants (user_id, template_id) {
        user_id -> Uuid,
        template_id -> Text,
        accepted_told -> Integer,
        accepted_pushed -> Integer,
        spent -> Integer,
        // Generated: never written.
        sends_left -> Integer,
        answer -> Text,
        answered_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    unlisted_households (village_id, household_id) {
        village_id -> Uuid,
        household_id -> Uuid,
        asked_by -> Uuid,
        asked_at -> Timestamptz,
    }
}

diesel::table! {
    used_codes (village_id, nonce) {
        village_id -> Uuid,
        nonce -> Bytea,
        used_at -> Timestamptz,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        openid -> Text,
        unionid -> Nullable<Text>,
        village_id -> Nullable<Uuid>,
        villager_id -> Nullable<Uuid>,
        bound_at -> Nullable<Timestamptz>,
        bound_by -> Nullable<Text>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    villagers (village_id, id) {
        village_id -> Uuid,
        id -> Uuid,
        household_id -> Uuid,
        name -> Text,
        relation -> Text,
        id_number_encrypted -> Nullable<Bytea>,
        id_number_hash -> Nullable<Bytea>,
        name_and_tail_hash -> Nullable<Bytea>,
        phone_encrypted -> Nullable<Bytea>,
        phone_hash -> Nullable<Bytea>,
        born_on -> Nullable<Date>,
        tracks -> Array<Text>,
        residence -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    votes (village_id, subject_id, round, user_id) {
        village_id -> Uuid,
        subject_id -> Uuid,
        round -> SmallInt,
        user_id -> Uuid,
        stage -> SmallInt,
        role -> Text,
        decision -> Text,
        reason -> Text,
        points -> Nullable<BigInt>,
        at -> Timestamptz,
    }
}

diesel::table! {
    wechat_pushes (hash) {
        hash -> Bytea,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    wechat_tokens (appid) {
        appid -> Text,
        token_encrypted -> Nullable<Bytea>,
        expires_at -> Nullable<Timestamptz>,
        renew_at -> Nullable<Timestamptz>,
        claimed_by -> Nullable<Uuid>,
        claimed_until -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    agreements,
    arrears,
    audit_log,
    binding_requests,
    brake_confirmations,
    brake_looks,
    brake_policies,
    brakes,
    cards,
    claim_duties,
    claim_events,
    claim_photos,
    claims,
    content_checks,
    content_traces,
    divisions,
    duties,
    duty_posts,
    eligibility_entries,
    eligibility_findings,
    eligibility_lists,
    entries,
    expiries,
    fund_accounts,
    fund_entries,
    fund_statements,
    fund_vouchers,
    goods,
    goods_counts,
    goods_slots,
    grids,
    holidays,
    households,
    idempotency_keys,
    invitations,
    kinships,
    list_entries,
    marks,
    merchant_applications,
    merchants,
    messages,
    notices,
    objections,
    outbox,
    payout_handovers,
    payout_lines,
    payout_reckonings,
    payouts,
    photo_files,
    photos,
    pickup_tries,
    purchase_days,
    purchase_signals,
    purchases,
    quotes,
    rating_lines,
    ratings,
    recusals,
    redemptions,
    repairs,
    report_categories,
    report_claims,
    report_comments,
    report_events,
    report_parties,
    report_reporters,
    reports,
    role_grants,
    rule_books,
    rule_layers,
    sessions,
    settlement_calendars,
    settlement_proposals,
    settlement_steps,
    settlements,
    shops,
    signal_lines,
    star_proof_readings,
    star_proofs,
    stock_entries,
    stores,
    subscription_grants,
    unlisted_households,
    used_codes,
    users,
    villagers,
    votes,
    wechat_pushes,
    wechat_tokens,
);
