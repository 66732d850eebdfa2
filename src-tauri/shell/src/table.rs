// What a window may ask for. The one list: the handlers, the permissions that
// build.rs writes and the TypeScript maps are made of it.
//
//     name(request) -> answer;
ipc_table! {
    // The main window. Answered by the service's method of the same name.
    service {
        status() -> AppStatus;
        overview() -> Overview;
        list_keys(ListKeys) -> KeyPage;
        key_detail(KeyId) -> KeyDetail;
        list_connections() -> Vec<ConnectionRow>;
        list_platforms() -> Vec<PlatformRow>;
        list_operations() -> Vec<OperationLine>;
        create_form(ConnectionId) -> CreateForm;
        preview_create(CreateKey) -> CreatePreview;
        edit_key(EditKey) -> KeyDetail;
        revoke_preview(KeyId) -> RevokePreview;
        disconnect(ConnectionId) -> ();
        revoke_in_dashboard(RevokeKey) -> RevokeProgress;
        withdraw_revocation(KeyId) -> ();
        preview_platform(AddPlatform) -> PlatformPreview;
        add_platform(AddPlatform) -> PlatformRow;
        remove_platform(PlatformId) -> ();
        stop_refresh() -> ();
        delete_key(KeyId) -> ();
        restore_key(KeyId) -> ();
        list_events(ListEvents) -> EventPage;
        settings() -> Settings;
        list_clients(ListClients) -> Vec<ClientRow>;
        list_placements(ListPlacements) -> Vec<PlacementRow>;
        preview_place(PlaceKey) -> PlacePreview;
        place_key(PlaceKey) -> PlaceReport;
        undo_placing(PlacementId) -> ();
        undo_writing(WritingId) -> ();
        list_writings() -> Vec<WritingRow>;
        note_place(NotePlace) -> PlacementRow;
        edit_place(EditPlace) -> PlacementRow;
        forget_place(PlacementId) -> ();
        scan(ScanRequest) -> ScanReport;
        stop_scan() -> ();
        take_in(TakeIn) -> TakenIn;
        which_key(WhichRequest) -> WhichReport;
        plan_rotation(RotateKey) -> RotationPlan;
        list_rotations(ListRotations) -> Vec<RotationRow>;
        rotation_report(RotationId) -> RotationReport;
        export_report(ExportReport) -> ReportText;
        plan_bulk(BulkAsk) -> BulkPlan;
        cancel_bulk(BulkId) -> BulkProgress;
        edit_draft(EditDraft) -> OperationLine;
    }
    // The same, when a platform is asked too.
    remote {
        create_key(CreateKey) -> KeyCreated;
        probe_key(KeyId) -> ProbeReport;
        revoke_key(RevokeKey) -> RevokeProgress;
        relabel_key(RelabelKey) -> RemoteChange;
        disable_key(KeyId) -> RemoteChange;
        enable_key(KeyId) -> RemoteChange;
        refresh(Refresh) -> Vec<RefreshReport>;
        settle_operation(SettleOperation) -> ();
        begin_rotation(RotateKey) -> RotationRow;
        carry_on_rotation(ActOnRotation) -> RotationRow;
        begin_replacing_leaked(ReplaceLeaked) -> RotationRow;
        begin_bulk(BulkAsk) -> BulkBegun;
        resume_bulk(BulkId) -> BulkProgress;
        run_queue() -> QueueReport;
        preview_store(StoreSecret) -> StorePreview;
        store_secret(StoreSecret) -> StoreReport;
        remove_stored(PlacementId) -> ();
    }
    // The main window, where the desktop has a part: clipboard, files, windows.
    desktop {
        set_settings(Settings) -> Settings;
        copy_secret(CopySecret) -> Copied;
        reveal_secret(KeyId) -> ();
        connect(ConnectWith) -> ConnectionRow;
        add_key(AddKeyWith) -> KeyDetail;
        finish_guided_create(GuidedWith) -> GuidedKey;
        replace_credential(CredentialWith) -> ConnectionRow;
        open_guide(GuidePage) -> ();
        detect_clipboard() -> Vec<Detected>;
        bring_new_key(BringKey) -> GuidedKey;
        look_up_leak() -> LeakReport;
        save_report(ExportReport) -> String;
        start_demo() -> ConnectionRow;
        lock() -> ();
    }
    // The throw-away window. What it sends is never logged and cannot be printed.
    door {
        door_state() -> DoorState;
        strength(Passphrase) -> Strength;
        make_vault(Passphrase) -> RecoveryGroups;
        confirm_recovery(ConfirmRecovery) -> bool;
        unlock(Passphrase) -> ();
        unlock_with_recovery(RecoveryEntry) -> ();
    }
}
