"""What we do. The only place that sees both a CRM and the database.

A poll, in the order of its deeds (sync.md 3):

    poll       one run of a connection: prepare, gather, then its slices
    prepare    what a run covers, and which mappings work     (mapped, exchanges)
    gather     which records are news                         (follow: merged, converted, deleted)
    slice      one slice, step by step: the table of contents
      claim    one pair, one worker
      read     both sides                                     (trace: what is not where it was)
      pair     the partner of who has none                    (inherit, keyless)
      segment  who is outside
      doubt    writes of unknown outcome
      plan     what each pair needs                           (freeze)
      lifecycle  what opportunities do to a contact
      brake    what is too much for a day
      options  what a dropdown lacks
      write    and what came of it: outcome                   (assigned, opt_out, spare, keys)
      agree    what both sides hold now, and note its errors
    deletes    a slice of its own, after all others

Around it:

    connect, disconnect, tokens, checks, keys, metering       two accounts, and what we may do there
    adopt, rebuild, relink                                    links that were there before us
    choose_segment, properties                                what an admin asks HubSpot for
    erase, forget                                             what is not kept
    job, heartbeat                                            what every step has in hand
"""
