"""The sentence for every code of a check: what was found. What follows from it is in `verifier.explaining`.

`N_` marks a sentence for translation; braces are values from the check's `detail`. Plain and calm:
"certificate" or "file", never who is to blame, and what could not be checked is neither yes nor no.
"""

from collections.abc import Mapping

N_ = str

WORDING: Mapping[str, str] = {
    # kind, container, parse
    "kind_recognised": N_("It is a kind of file that can carry a certificate."),
    "unsupported_kind": N_(
        "The certificate is a token of which parts can be kept back (SD-JWT), a form that we do not read."
    ),
    "container_read": N_("One signed certificate was found in the file."),
    "no_credential": N_("No signed certificate was found in the file. {reason}"),
    "container_broken": N_("The file cannot be read without error. {reason}"),
    "reader_busy": N_("It could not be read safely at the moment."),
    "limit_address": N_("The web address is one that we may not open: {host}."),
    "address_no_answer": N_("The web address ({host}) did not answer."),
    "json_read": N_("Its text can be read in one way only."),
    "json_malformed": N_("Its text cannot be read without error, or could be read in two ways. {reason}"),
    "token_malformed": N_(
        "The certificate is a signed token (JSON Web Token), which breaks a rule. {reason}"
    ),
    "token_unsigned": N_("The certificate is a token (JSON Web Token) that nobody has signed. {reason}"),
    "unsupported_token": N_("The certificate is a token in a form that we do not read. {reason}"),
    "limit_size": N_("The file is larger than we read."),
    "limit_depth": N_("Its parts stand too deep inside each other."),
    # shape, schema
    "complete": N_("The file is complete and readable: it has what every Open Badge must have."),
    "not_an_object": N_("The file is not one certificate but something else."),
    "not_a_badge": N_("The file is no Open Badge, no endorsement of one and no learner record."),
    "no_issuer": N_("The file does not say who issued it."),
    "no_subject": N_("The file does not say what it is about."),
    "no_achievement": N_("The file does not say what was achieved."),
    "schema_fits": N_("It follows the Open Badges 3.0 standard."),
    "schema_misfit": N_("It does not follow the Open Badges 3.0 standard. {reason}"),
    "schema_unread": N_(
        "It follows the Open Badges 3.0 standard. It names a further schema, {schema}, which was not read."
    ),
    "schema_malformed": N_("It names a schema in a form that cannot be read."),
    "data_model": N_("It does not follow the data model of Verifiable Credentials. {reason}"),
    "data_model_fits": N_("It follows the data model of Verifiable Credentials."),
    "no_schema_asked": N_("It was not checked as an Open Badge, so no schema of one was asked for."),
    # context, canonical
    "contexts_known": N_("Its terms come from the published contexts only."),
    "contexts_carried": N_("Its terms come from contexts that we carry, or that stand in the file itself."),
    "older_context": N_(
        "Its terms come from the published contexts only, in an older edition ({contexts}). "
        "It was checked by the rules of that edition."
    ),
    "context_alias": N_(
        "Its terms come from the published contexts only, named by another of their addresses ({contexts})."
    ),
    "context_form": N_(
        "It does not name the contexts that give its words a meaning, or writes one into the file itself."
    ),
    "context_order": N_(
        "It does not begin with the contexts of Verifiable Credentials and Open Badges 3.0, in this order."
    ),
    "context_unknown": N_(
        "It takes words from a context that is not on our list, so they may mean anything."
    ),
    "keyword": N_("It uses {keyword}, with which text can be hidden from the signature."),
    "unsupported_version": N_(
        "It takes its terms from an address whose content we do not have, so it was not checked."
    ),
    "every_term_known": N_("Every term in it has an agreed meaning, and the signature covers all of them."),
    "no_meaning": N_(
        "It uses words or identifiers without an agreed meaning, which no signature covers. {reason}"
    ),
    "parts_differ": N_("Its parts contradict each other: they describe {place} in different ways."),
    "limit_work": N_("Reading it takes more work than we allow."),
    # issuer_key
    "key_is_issuer": N_("The key that signed is the issuer’s own: the issuer is named by that key."),
    "key_published": N_("The key that signed is one that the issuer publishes as its own, at {host}."),
    "key_remembered": N_(
        "The place where the issuer publishes its keys did not answer. "
        "The key was read from the copy of its key list that we kept on {day}."
    ),
    "key_listed": N_("The key that signed is one that the trust list gives for this issuer."),
    "key_given": N_("The key that signed is the one that was handed in for this issuer."),
    "key_of_another": N_("The key that signed belongs to someone else than the issuer that the file names."),
    "key_absent": N_("The key that signed is not among the keys that the issuer publishes."),
    "key_refused": N_("The key in the issuer’s name cannot be used. {reason}"),
    "keys_refused": N_("The key list of the issuer breaks a rule and is not used. {reason}"),
    "method_malformed": N_("The name of the signing key is not a proper address."),
    "keys_unreachable": N_(
        "The place where the issuer publishes its keys ({host}) did not answer. That is usually a fault "
        "of the "
        "network and says nothing about the holder."
    ),
    "keys_forbidden": N_(
        "The place where the issuer publishes its keys ({host}) is one that we may not open, "
        "or it sends more than we read."
    ),
    "key_unconfirmed": N_(
        "The signature fits a key that is written in the file, but nobody confirms that this key is the "
        "issuer’s."
    ),
    "key_unnamed": N_("The file does not say which key signed it."),
    "keys_differ": N_("The file names one key and carries another."),
    "keys_not_found": N_("No keys of the issuer were found where its address leads ({host})."),
    "did_method_unknown": N_("The issuer is named in a way for which we cannot look up keys."),
    # signature
    "signature_fits": N_("The digital signature fits every word of the file."),
    "signature_consistent": N_(
        "The digital signature fits every word of the file, but whose signature it is could not be confirmed."
    ),
    "another_proof_fails": N_(
        "A digital signature of the issuer fits every word of the file. Another signature in it does not"
        " ({misfits})."
    ),
    "signature_misfit": N_(
        "What the file says does not fit its signature: something was changed after it was signed."
    ),
    "no_proof": N_("The file carries no signature."),
    "no_key": N_("The signature could not be checked, for its key could not be learned."),
    "proof_malformed": N_(
        "The signature in the file is incomplete or holds things that do not belong there."
    ),
    "proof_chain": N_("The signature depends on another one in the file, which is missing or does not fit."),
    "proof_chain_key": N_(
        "The signature depends on another one in the file, whose key could not be learned."
    ),
    "unsupported_chain": N_(
        "The signature depends on another one in the file, which is made in a way that we do not know."
    ),
    "proof_purpose": N_("The signature was made for another purpose than to issue a certificate."),
    "proof_domain": N_("The signature was made for somebody else than this service."),
    "proof_challenge": N_("The signature was made on another occasion than this one."),
    "older_suite": N_(
        "The digital signature fits every word of the file. It was made in an older way ({suite})."
    ),
    "unsupported_base_proof": N_(
        "The file is the holder’s own copy. Only a copy to show, which is made from it, can be checked."
    ),
    "token_algorithm": N_("The token says that it is signed in another way than its key can sign. {reason}"),
    "claims_differ": N_("The token says otherwise than the certificate in it ({claims})."),
    "claims_required": N_("The token does not repeat what the standard asks it to repeat ({claims})."),
    "claims_missing": N_(
        "The digital signature fits every word of the file. "
        "Its token does not repeat what the standard asks it to repeat ({claims})."
    ),
    "inner_proof_unread": N_(
        "The digital signature fits every word of the file. Inside stands another signature, "
        "which was not checked."
    ),
    "unsupported_suite": N_("It is signed in a way that we do not know ({suite})."),
    "limit_count": N_("It has more parts than we read: {what}."),
    # dates
    "in_force": N_("Valid from {from_day} to {until_day}."),
    "in_force_without_end": N_("Valid from {from_day}, with no end date."),
    "in_force_until": N_("Valid to {until_day}, with no day on which it begins."),
    "end_not_shown": N_(
        "It is in force today. The holder shows a part of the certificate; whether it has an end is not "
        "among the parts shown."
    ),
    "period_open": N_("It names no day on which it begins or ends to be valid."),
    "zone_missing": N_(
        "It is in force today, but a date in it does not say its time zone; it was read as UTC."
    ),
    "not_yet_valid": N_("It is valid only from {from_day}."),
    "expired": N_("It was valid from {from_day} to {until_day}."),
    "dates_inverted": N_("It ends ({until_day}) before it begins ({from_day})."),
    "date_malformed": N_("A date in it cannot be read ({member})."),
    "date_missing": N_("A date that it must have is missing ({member})."),
    # status
    "not_withdrawn": N_("The issuer’s list of withdrawn certificates was read, and this one is not on it."),
    "no_status": N_("The file names no list of withdrawn certificates."),
    "status_not_shown": N_(
        "The holder shows a part of the certificate; whether the issuer keeps a list of withdrawals is not "
        "among the parts shown."
    ),
    "revoked": N_(
        "The issuer’s own list of withdrawn certificates marks this one as revoked. A revocation is final."
    ),
    "suspended": N_(
        "The issuer’s own list marks this certificate as suspended. Until that is lifted it does not count."
    ),
    "status_malformed": N_(
        "The file says in a form that cannot be read where its withdrawal would be listed."
    ),
    "status_type_unknown": N_("Its withdrawal would be listed in a form that we do not read ({type})."),
    "purpose_unknown": N_("It names a list with a purpose that we do not know ({purpose})."),
    "status_size_unread": N_("Its status is written in {size} bits, in which we do not read “{purpose}”."),
    "status_message": N_(
        "The issuer keeps a note about this certificate: “{message}”. It takes nothing back."
    ),
    "message_without_words": N_(
        "The issuer has set a note about this certificate ({value}) to which it gives no words."
    ),
    "no_message": N_("The issuer keeps a list of notes about certificates and has none about this one."),
    "newer_version": N_("The issuer says that there is a newer version of this certificate."),
    "no_newer_version": N_("The issuer says that there is no newer version of this certificate."),
    "status_needs_id": N_(
        "It names a list of withdrawn certificates, but has no identifier by which to find it there."
    ),
    "status_unreachable": N_(
        "The issuer keeps a list of withdrawn certificates at {host}. It did not answer. That is usually"
        " a fault of "
        "the network and says nothing about the holder."
    ),
    "status_forbidden": N_(
        "The issuer’s list of withdrawn certificates ({host}) is at an address that we may not open, "
        "or is larger than we read."
    ),
    "index_beyond_list": N_("The issuer’s list of withdrawn certificates has no place for this one."),
    "list_malformed": N_("The issuer’s list of withdrawn certificates cannot be read."),
    "list_not_proved": N_(
        "It could not be confirmed that the list of withdrawn certificates is the issuer’s own."
    ),
    "list_rolled_back": N_("The list of withdrawn certificates is older than one that we have already seen."),
    "list_undated": N_(
        "The issuer’s list of withdrawn certificates does not say of which day it is, so an old one could "
        "stand in its place."
    ),
    "list_not_yet_valid": N_("The issuer’s list of withdrawn certificates is dated in the future."),
    "list_expired": N_("The issuer’s list of withdrawn certificates is out of date."),
    "status_left_open": N_("Whether it was withdrawn was not asked, and could not be told. {reason}"),
    "list_of_another_kind": N_(
        "What stands where the list of withdrawn certificates should be is something else."
    ),
    "list_of_another_place": N_("The list of withdrawn certificates belongs to another address."),
    "list_of_another_issuer": N_(
        "The list of withdrawn certificates is signed by someone else than the issuer."
    ),
    "list_of_another_origin": N_(
        "The list of withdrawn certificates has no signature and is not at an address of the issuer’s own."
    ),
    "list_of_another_purpose": N_(
        "The list at that address has another purpose than the one that is asked for."
    ),
    # refresh, endorsements
    "no_refresh": N_("The file names no place for newer versions."),
    "refresh_not_followed": N_("The file names a place for newer versions; we did not ask there."),
    "refreshed": N_(
        "The issuer has given out a newer version, of {day}. That one was checked and is shown here."
    ),
    "refresh_same": N_("The issuer was asked for a newer version and has none."),
    "refresh_later": N_("The issuer has a newer version, which counts from {day}; until then this one does."),
    "refresh_older": N_(
        "Where newer versions should be ({host}) stands an older one. What was handed in was checked."
    ),
    "refresh_unread": N_(
        "The place for newer versions ({host}) gave no answer that we could read. What was handed in was "
        "checked."
    ),
    "refresh_not_proven": N_(
        "What stands at the place for newer versions ({host}) is not shown to be the issuer’s. What was "
        "handed in was checked."
    ),
    "refresh_of_another": N_(
        "What stands at the place for newer versions ({host}) is another certificate. What was handed in was "
        "checked."
    ),
    "no_endorsements": N_("The file carries no statement of others."),
    "endorsements_good": N_("What others have signed inside the file was checked as well, and is unaltered."),
    "endorsements_renewed": N_(
        "Others have given out newer versions of what they signed inside the file. Those were checked, and "
        "are unaltered."
    ),
    "endorsement_not_renewed": N_(
        "What others have signed inside the file is unaltered. Whether there are newer versions of it could "
        "not be found out."
    ),
    "endorsement_false": N_("A statement of others inside the file does not fit its signature, or is none."),
    "endorsement_unclear": N_("A statement of others inside the file could not be checked to the end."),
    "endorsement_not_read": N_("A statement of others inside the file is in a form that we do not read."),
    "endorsement_lapsed": N_(
        "A statement of others inside the file is not in force today and does not count."
    ),
    "endorsement_elsewhere": N_(
        "A statement of others inside the file speaks of something else than this badge."
    ),
    "endorsement_not_own": N_(
        "A statement of others inside the file speaks of a course, or of a body, that is not shown to be the "
        "issuer’s own."
    ),
    # learner records and presentations
    "presentation_read": N_("It is an envelope in which a holder hands over certificates."),
    "presentation_unsigned": N_(
        "The holder has not signed the envelope; the certificates inside are signed."
    ),
    "presentation_signed": N_("The holder’s own signature on the envelope fits."),
    "presentation_misfit": N_(
        "The holder’s signature on the envelope does not fit, or is not the holder’s own."
    ),
    "presentation_lapsed": N_("The holder’s signature on the envelope is not in force at this moment."),
    "presentation_unconfirmed": N_("Whose signature is on the envelope could not be confirmed."),
    "unsupported_presentation": N_(
        "The envelope around the certificates is signed in a way that we do not read."
    ),
    "asked_of_each": N_("This is asked of each certificate inside."),
    "within_good": N_("Certificates inside: {count}. All of them are good."),
    "within_open": N_("Certificates inside: {count}; good: {good}. The others could not all be checked."),
    "within_not_good": N_("Certificates inside: {count}; good: {good}."),
    "within_nothing": N_("There is no certificate inside."),
    # profile
    "elements_complete": N_(
        "All eleven elements that the European approach to micro-credentials requires are there."
    ),
    "elements_missing": N_("Elements of the European approach to micro-credentials are missing: {elements}."),
    "profile_unreadable": N_("Whether its description is complete could not be told. {reason}"),
    "profile_not_used": N_("It does not claim to be a micro-credential of the European approach."),
    # recipient
    "not_asked": N_("You did not give a name or e-mail address to compare."),
    "recipient_fits": N_("Yes, the name fits."),
    "recipient_differs": N_("No, the name does not fit."),
    "recipient_untold": N_("This cannot be told from the certificate."),
    # trust
    "issuer_listed": N_("The issuer is on the trust list."),
    "issuer_listed_by": N_("The issuer is on the trust list “{list}”."),
    "issuer_no_longer_listed": N_(
        "The issuer was on the trust list as “{name}” until {day} and is no longer on it.{reason}"
    ),
    "issuer_listed_unconfirmed": N_(
        "The issuer that the file names is on the trust list, but it could not be confirmed that it "
        "signed the file."
    ),
    "issuer_not_listed": N_(
        "Anyone can write any name. The issuer that the file names is on no trust list that we use."
    ),
    "trust_list_unread": N_(
        "The trust list could not be read, so that it is not known whether this issuer is still on it."
    ),
    # any
    "stopped_earlier": N_("This was not asked, because an earlier check did not pass."),
}


def wording(code: str, detail: Mapping[str, str]) -> str:
    """Give the English sentence of a code with its values. Raises KeyError for a code without words."""
    return WORDING[code].format_map(detail)
