//! How what is remembered is written into a file and read again.
//!
//! Everything in [`super::State`] derives `Serialize` and `Deserialize`. Two things need help: words the program knows
//! (`&'static str`: roles, kinds of events), which are read with [`read`], and maps whose keys are no text, which are
//! written as lists of [`pairs`].

use std::{
    collections::{BTreeMap, HashSet},
    sync::{LazyLock, Mutex, PoisonError},
};

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use crate::id::Id;

/// A word of the program. (Under its own name derived code would want to borrow it from the file.)
pub(crate) type Word = &'static str;

/// The words that were read. They stay for good; there are only as many as the program has.
static WORDS: LazyLock<Mutex<HashSet<Word>>> = LazyLock::new(Mutex::default);

/// What is made of something that can be read.
pub(crate) trait Saved: Sized {
    /// What can be read.
    type Form: DeserializeOwned;

    /// Makes it.
    fn of(form: Self::Form) -> Self;
}

impl Saved for Word {
    type Form = String;

    fn of(form: String) -> Self {
        let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = words.get(form.as_str()) {
            return known;
        }
        let word: Self = form.leak();
        words.insert(word);
        word
    }
}

impl Saved for Value {
    type Form = Self;

    fn of(form: Self) -> Self {
        form
    }
}

impl<T: Saved> Saved for Vec<T> {
    type Form = Vec<T::Form>;

    fn of(form: Self::Form) -> Self {
        form.into_iter().map(T::of).collect()
    }
}

impl<A: Saved, B: Saved> Saved for (A, B) {
    type Form = (A::Form, B::Form);

    fn of((first, second): Self::Form) -> Self {
        (A::of(first), B::of(second))
    }
}

impl<T: Saved> Saved for BTreeMap<Id, T> {
    type Form = BTreeMap<Id, T::Form>;

    fn of(form: Self::Form) -> Self {
        form.into_iter().map(|(id, one)| (id, T::of(one))).collect()
    }
}

/// Reads something with words of the program in it: `#[serde(deserialize_with = "saved::read")]`.
pub(crate) fn read<'de, D: Deserializer<'de>, T: Saved>(from: D) -> Result<T, D::Error> {
    T::Form::deserialize(from).map(T::of)
}

/// A map as a list: `#[serde(with = "saved::pairs")]`.
pub(crate) mod pairs {
    use std::{collections::HashMap, hash::Hash};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the map.
    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &HashMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    /// Reads the map.
    pub(crate) fn deserialize<'de, K, V, D>(from: D) -> Result<HashMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Eq + Hash,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Vec::<(K, V)>::deserialize(from).map(HashMap::from_iter)
    }
}
