//! Rule books and the layers above them.

macro_rules! refusals_of_rule_books {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// No rule book is in force on that day.
        NoRuleBook { day: NaiveDate } => "no_rule_book";
        /// The rule book contradicts itself or a safeguard.
        RuleBookInvalid { faults: Vec<crate::rule_book::Fault> } => "rule_book_invalid";
        /// Nothing adopted is ever edited.
        RuleBookAdopted => "rule_book_adopted";
        /// A draft that rates other accounts (households or persons) cannot be compared.
        SimulationSubject => "simulation_subject";
        /// The resolution did not carry, or its figures do not fit.
        ResolutionNotCarried => "resolution_not_carried";
        /// A book comes into force after its adoption and after the book before it.
        InForceTooEarly { earliest: NaiveDate } => "in_force_too_early";
        /// A layer contradicts one above it.
        RuleBookContradicts { contradictions: Vec<crate::rule_book::Contradiction> } => "rule_book_contradicts";
        /// A frame or manual would leave villages with books that have faults.
        RuleBooksBroken { villages: Vec<crate::rule_book::BrokenBook> } => "rule_books_broken";
        /// More pledges than households, or no household.
        PledgesInvalid => "pledges_invalid";
        /// Fewer households signed the pledge than a layer asks for.
        PledgesTooFew { share_min: BasisPoints } => "pledges_too_few";
        /// An order has no number or lies in the future.
        OrderInvalid => "order_invalid";
    } };
}
